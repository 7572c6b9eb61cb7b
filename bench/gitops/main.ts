/**
 * `make bench-gitops`: what Argo CD costs with many claims in git. Argo CD and the API server are real; Crossplane and the provider
 * are simulated. Options come from the environment: COUNT, LAYOUTS, SETTINGS.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { computer } from '../../tools/computer.ts';
import { messageOf } from '../../tools/errors.ts';
import { INTERRUPTED, stamped } from '../../tools/terminal.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { changeEach, changeOne, databaseMB, memory, partsOf, rest, rollOut, untilWell } from './measure.ts';
import { type Layout, nameOf, readScaleOptions } from './options.ts';
import { type Measured, report } from './report.ts';
import { type Setting, settingNamed } from './settings.ts';

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = join(ROOT, '.cache/bench-gitops');
const RESULT = join(FOLDER, 'result.json');
/** Beside the tables, which go to the standard output. */
const say = (line: string) => console.error(stamped(line));

let running: ControlPlane | undefined;

/** Changes all, then one claim twice: with every Application told, and with its own alone. */
async function changes(plane: ControlPlane, layout: Layout, setting: Setting): Promise<Measured> {
  const { name, what } = setting;
  const each = await changeEach(plane, layout, name);
  const one = await changeOne(plane, layout, `${name}-one`, 'all');
  const own = await changeOne(plane, layout, `${name}-own`, 'own');
  await rest(plane);
  const memories = { memory: memory(plane, 'rssMB'), peak: memory(plane, 'peakMB') };
  return { layout, setting: name, what, each, one, own, ...memories, databaseMB: await databaseMB(plane) };
}

async function measureLayout(layout: Layout, settings: readonly Setting[]): Promise<Measured[]> {
  const name = nameOf(layout);
  const plane = await startControlPlane(join(FOLDER, name.replaceAll(' ', '')), say);
  running = plane;
  try {
    const ours = settingNamed('ours');
    await plane.useSetting(ours);
    const first = await rollOut(plane, layout);
    say(`${name}: Healthy after ${first.healthy.toFixed(1)} s, ${plane.crossplane.made()} managed resources`);
    const measured: Measured[] = [{ ...(await changes(plane, layout, ours)), rollOut: first }];
    for (const setting of settings) {
      say(`${name}: ${setting.name}`);
      await plane.useSetting(setting);
      await untilWell(plane, partsOf(layout));
      measured.push(await changes(plane, layout, setting));
    }
    return measured;
  } finally {
    await plane.stop();
    running = undefined;
  }
}

async function main(): Promise<void> {
  const { layouts, baseline, settings } = readScaleOptions(process.env);
  const interrupted = () => {
    (running?.stop() ?? Promise.resolve()).finally(() => process.exit(INTERRUPTED));
  };
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  mkdirSync(FOLDER, { recursive: true });
  const before = computer();
  const measured: Measured[] = [];
  for (const layout of [baseline, ...layouts]) {
    try {
      measured.push(...(await measureLayout(layout, layout === baseline ? [] : settings)));
      writeFileSync(RESULT, `${JSON.stringify(measured, null, 2)}\n`);
    } catch (error) {
      // A fleet that fails must not cost the others their results.
      fail(`${nameOf(layout)}: ${messageOf(error)}`);
    }
  }
  console.log(report(measured));
  const { cores, cpu, memoryMB, node, loadAverage } = computer();
  const load = [before.loadAverage, loadAverage].map(([minute]) => minute?.toFixed(1));
  console.log(
    `\n${cores} cores (${cpu}), ${Math.round(memoryMB / 1000)} GB, Node.js ${node}; load ${load.join(' before, ')} after`,
  );
  console.log(`written to ${relative(process.cwd(), RESULT)}`);
  process.off('SIGINT', interrupted);
  process.off('SIGTERM', interrupted);
}

function fail(message: string): void {
  console.error(`\nmake bench-gitops: ${message}`);
  process.exitCode = 1;
}

main().catch((error: unknown) => fail(messageOf(error)));
