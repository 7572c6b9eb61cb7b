/** Crossplane's own engine, as `crossplane composition render` runs it: no cluster, and the function that ships. */
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Catalogue } from '../function/src/catalogue.ts';
import { type Json, stringAt } from '../function/src/objects.ts';
import { runCommand } from '../tools/command.ts';
import { type Daemon, startDaemon, untilAnswers } from '../tools/daemon.ts';
import { accepts, claimPort, HOST } from '../tools/ports.ts';
import { ensureBinaries } from '../tools/programs/binaries.ts';
import { tell } from '../tools/terminal.ts';
import { objectsOf, writeObjects } from '../tools/yaml.ts';

const ROOT = join(import.meta.dirname, '..');
const BUNDLE = join(ROOT, 'dist/function/main.js');
const START_TIMEOUT_MS = 20_000;

/** Names a composed resource in its composition; the engine writes it, and reads it from what it observes. */
export const KEY_ANNOTATION = 'crossplane.io/composition-resource-name';

/** What Crossplane would write to the API server. */
export interface EngineOutput {
  readonly composite: Json;
  /** Composed resources by key. */
  readonly composed: Record<string, Json>;
}

export interface Engine {
  /**
   * One reconcile of a claim, after the XRD's defaults. `observed` are composed resources by key, `platform` is the
   * EnvironmentConfig, where there is one.
   */
  render(claim: Json, observed: Record<string, Json>, platform?: Json): Promise<EngineOutput>;
  stop(): Promise<void>;
}

/** Starts the bundle in a folder of its own, beside these zips instead of the handlers'. */
async function startFunction(folder: string, catalogue: Catalogue, address: string): Promise<Daemon> {
  const handlers = join(folder, 'handlers');
  await mkdir(handlers);
  const main = join(folder, 'main.mjs');
  await copyFile(BUNDLE, main).catch((error: Error) => {
    throw new Error(`the function is not built, run \`make build\`: ${error.message}`);
  });
  for (const [name, { base64 }] of Object.entries(catalogue))
    await writeFile(join(handlers, `${name}.zip`), base64, 'base64');
  return startDaemon({
    name: 'the function',
    command: process.execPath,
    args: [main, '--insecure', '--address', address],
    logFile: join(folder, 'function.log'),
  });
}

function readOutput(yaml: string): EngineOutput {
  const [composite, ...composed] = objectsOf(yaml);
  if (!composite) throw new Error('crossplane composition render printed nothing');
  const byKey = composed.map((object): [string, Json] => {
    const key = stringAt(object, 'metadata', 'annotations', KEY_ANNOTATION);
    if (!key) throw new Error(`Crossplane gave an object without ${KEY_ANNOTATION}: ${stringify(object)}`);
    return [key, object];
  });
  return { composite, composed: Object.fromEntries(byKey) };
}

/**
 * Starts `dist/function/main.js` and finds Crossplane's binaries, or builds them.
 *
 * @param catalogue - the handlers' zips that the function serves.
 * @throws with the function's log when it does not come up; see `ensureBinaries` for the binaries.
 */
export async function startEngine(catalogue: Catalogue): Promise<Engine> {
  const { crossplane, 'crossplane-cli': cli } = await ensureBinaries(['crossplane', 'crossplane-cli'], tell);
  const folder = await mkdtemp(join(tmpdir(), 'fileingest-engine-'));
  const port = await claimPort();
  const target = `${HOST}:${port}`;
  const daemon = await startFunction(folder, catalogue, target);
  const stop = async () => {
    await daemon.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await untilAnswers(daemon, () => accepts(port), START_TIMEOUT_MS);
  } catch (error) {
    await stop();
    throw error;
  }
  const render = async (claim: Json, observed: Record<string, Json>, platform?: Json) => {
    const run = await mkdtemp(join(folder, 'run-'));
    const claimFile = await writeObjects(join(run, 'claim.yaml'), [claim]);
    const observedFile = await writeObjects(join(run, 'observed.yaml'), Object.values(observed));
    const requiredFile = platform && (await writeObjects(join(run, 'required.yaml'), [platform]));
    const output = await runCommand(cli, [
      'composition',
      'render',
      claimFile,
      join(ROOT, 'compositions/composition.yaml'),
      join(ROOT, 'examples/functions.yaml'),
      `--xrd=${join(ROOT, 'apis/definition.yaml')}`,
      `--observed-resources=${observedFile}`,
      ...(requiredFile === undefined ? [] : [`--required-resources=${requiredFile}`]),
      `--function-annotations=render.crossplane.io/runtime-development-target=${target}`,
      `--crossplane-binary=${crossplane}`,
    ]);
    return readOutput(output);
  };
  return { render, stop };
}
