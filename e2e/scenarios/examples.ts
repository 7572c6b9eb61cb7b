/** Every example: applied as the README says, ready, its status and columns filled, files in and items out. */

import { join } from 'node:path';
import { KEYS } from '../../function/src/keys.ts';
import { at, stringAt } from '../../function/src/objects.ts';
import { dataPathOf } from '../../local/data-path/index.ts';
import { readFiles } from '../../local/files.ts';
import { type Parts, partsOf, withParts } from '../../local/parts.ts';
import type { KubeObject, ObjectRef } from '../../tools/cluster.ts';
import { messageOf } from '../../tools/errors.ts';
import { eachOf } from '../../tools/parallel.ts';
import { EXAMPLES, type Example, examplesFor } from '../examples.ts';
import { withPlatform } from '../platform-defaults.ts';
import { DATA_PATH, expect, expectNone, type Scenario } from '../scenario.ts';
import {
  composedBy,
  discard,
  externalNameOf,
  findComposed,
  isTrue,
  keyOf,
  refOf,
  type Stage,
  untilClaim,
  untilReady,
} from '../stage.ts';
import { startStopwatch, type Timing } from '../timing.ts';
import { describeWaves, seconds } from '../waves.ts';

const ROOT = join(import.meta.dirname, '../..');
/** They mostly wait: for a minute each until the provider believes a bucket's lifecycle. */
const AT_ONCE = 5;
/** A claim is ready this much later than its slowest resource, at most, with the guide's settings. */
export const READY_AFTER_SLOWEST_MS = 5_000;
/** The default claim takes its first file this soon after it was applied, with the guide's settings. */
export const FIRST_FILE_MS = 20_000;

/** What a claim's managed resources are called, which is known before the claim's own status tells it. */
function partsSoFar(stage: Stage, claim: KubeObject): Parts {
  const find = (key: string) => findComposed(stage, claim, key);
  const given = (field: string, value: string | undefined) => (value === undefined ? {} : { [field]: value });
  const named = (field: string, key: string) => given(field, externalNameOf(find(key)));
  const told = (field: string, key: string, what: string) =>
    given(field, stringAt(find(key), 'status', 'atProvider', what));
  return withParts({}, claim, {
    ...named('bucket', KEYS.bucket),
    ...named('destinationBucket', KEYS.destinationBucket),
    ...named('table', KEYS.table),
    ...told('url', KEYS.api, 'apiEndpoint'),
    ...told('stateMachine', KEYS.stateMachine, 'arn'),
    ...told('deadLetterQueue', KEYS.deadLetterQueue, 'url'),
    functionNames: composedBy(stage, claim)
      .filter(({ kind }) => kind === 'Function')
      .flatMap((one) => externalNameOf(one) ?? []),
  });
}

/** Sends the first thing as soon as all that takes it is ready, and waits for its item. */
async function firstFile(stage: Stage, ref: ObjectRef): Promise<void> {
  const claim = await untilClaim(stage, ref, (one) => {
    if (one === undefined) return undefined;
    const ready = composedBy(stage, one).filter((resource) => isTrue(resource, 'Ready'));
    const keys = ready.map(keyOf);
    return dataPathOf(one)
      .opens(one)
      .every((key) => keys.includes(key))
      ? one
      : undefined;
  });
  const { clients } = stage;
  await dataPathOf(claim).first({ claim, parts: partsSoFar(stage, claim), clients });
}

/** Sends all that the examples have into a ready claim, and checks what comes out. Resolves to how much was recorded. */
async function checkDataPath(stage: Stage, claim: KubeObject): Promise<number> {
  const path = dataPathOf(claim);
  const files = readFiles(join(EXAMPLES, path.files));
  const { recorded } = await path.move(
    { claim, parts: partsOf(claim), clients: stage.clients, files },
    () => undefined,
  );
  return recorded;
}

const COLUMNS = ['NAME', 'TYPE', 'BUCKET', 'TABLE', 'SYNCED', 'READY', 'AGE'];
/** Where the status of the claim has what a column shows. Not every claim has a bucket. */
const STATUS_COLUMNS = ['bucket', 'table'];

/** `kubectl get fip` shows what the status says. */
async function checkColumns(stage: Stage, claim: KubeObject): Promise<void> {
  const { name, namespace } = refOf(claim);
  const shown = await stage.kubectl('get', 'fip', name, '-n', namespace);
  const [headings = '', row = ''] = shown.trim().split('\n');
  const found = headings.split(/ {2,}/);
  const missing = COLUMNS.filter((column) => !found.includes(column));
  expectNone(missing, `kubectl get fip shows\n${shown}and lacks the columns`);
  const told = STATUS_COLUMNS.flatMap((field) => stringAt(claim, 'status', field) ?? []);
  for (const cell of [name, 'True', ...told])
    expect(row.split(/ +/).includes(cell), `kubectl get fip ${name} lacks ${cell}:\n${shown}`);
}

function checkStatus(claim: KubeObject, stage: Stage): void {
  const waiting = [at(claim, 'status', 'waitingFor') ?? []].flat().map(String);
  expectNone(waiting, `${claim.metadata.name} is ready, and waits for`);
  const failing = composedBy(stage, claim).filter((one) => !isTrue(one, 'Synced') || !isTrue(one, 'Ready'));
  expectNone(
    failing.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
    'ready, but not synced',
  );
}

/** What `firstFile` and `untilReady` took, in a line, with the waves below; noted for the report. */
export function reportTiming(
  { timed }: Pick<Stage, 'timed'>,
  what: string,
  firstFileMs: number,
  timing: Timing,
): string[] {
  const { readyMs, slowest, resources, waves, events, breakerOpened } = timing;
  timed.push({ name: what, firstFileMs, readyMs, waves });
  const slow = slowest ? `slowest ${slowest.key} ${seconds(slowest.readyMs)}` : '';
  const breaker = breakerOpened ? 'circuit breaker opened' : 'circuit breaker closed';
  return [
    `${what}: first file ${seconds(firstFileMs)}, ready ${seconds(readyMs)}, ${slow}, ${resources.length} resources, ${events} events, ${breaker}`,
    ...describeWaves(waves).map((line) => `  ${line}`),
  ];
}

/** Applies an example as the README says, times it, and checks all that a user would look at. */
export async function applyExample(stage: Stage, { path, claim }: Example) {
  const ref = refOf(claim);
  // What it needs on this machine, which may take minutes, is not counted.
  await dataPathOf(claim).install?.();
  const stopwatch = startStopwatch(stage, ref);
  await stage.kubectl('apply', '-f', join(ROOT, path));
  const [ready, firstFileMs] = await Promise.all([
    untilReady(stage, ref),
    firstFile(stage, ref).then(() => stopwatch.now()),
  ]);
  const timing = stopwatch.stop();
  return { ready, firstFileMs, timing };
}

/** What to report of an example, and what of it came too late. */
interface Proved {
  readonly lines: readonly string[];
  readonly late: readonly string[];
}

/** Makes one example ready and sends its data through. */
async function proveExample(stage: Stage, example: Example): Promise<Proved> {
  const { ready, firstFileMs, timing } = await applyExample(stage, example);
  checkStatus(ready, stage);
  await checkColumns(stage, ready);
  const recorded = await checkDataPath(stage, ready);
  const lines = [...reportTiming(stage, example.path, firstFileMs, timing), `  ${recorded} recorded`];
  for (const line of lines) stage.say(line);
  const lag = (timing.readyMs ?? 0) - (timing.slowest?.readyMs ?? 0);
  const late = [
    ...(firstFileMs > FIRST_FILE_MS ? [`${example.path}: first after ${seconds(firstFileMs)}`] : []),
    ...(lag > READY_AFTER_SLOWEST_MS
      ? [`${example.path}: ready ${seconds(lag)} after its slowest resource`]
      : []),
  ];
  discard(stage, ready);
  return { lines, late };
}

export const scenario: Scenario = {
  name: 'examples',
  title: 'every example is ready, and records what it is sent',
  needs: DATA_PATH,
  run: async (stage) => {
    const { runnable: all, skipped } = examplesFor(stage);
    const proved = new Map<string, Proved>();
    const failed: string[] = [];
    // What is wrong with one example says nothing of the others.
    const prove = async (example: Example) => {
      try {
        proved.set(example.path, await proveExample(stage, example));
      } catch (error) {
        failed.push(`${example.path}: ${messageOf(error)}`);
        stage.say(`failed: ${failed.at(-1)}`);
      }
    };
    const [smallest, ...others] = all;
    await withPlatform(stage, all, async () => {
      // Alone, since its times are compared with those under other settings.
      if (smallest) await prove(smallest);
      await eachOf(others, AT_ONCE, prove);
    });
    expectNone(failed, 'these examples failed');
    const results = all.flatMap(({ path }) => proved.get(path) ?? []);
    const late = results.flatMap((one) => one.late);
    const lines = [...skipped, ...results.flatMap((one) => one.lines)];
    lines.push(
      late.length === 0
        ? 'targets met: first within 20 s, ready within 5 s of the slowest'
        : `targets missed: ${late.join('; ')}`,
    );
    return lines;
  },
};
