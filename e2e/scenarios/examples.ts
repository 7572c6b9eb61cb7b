/** Every example: applied as the README says, ready, its status and columns filled, files in and items out. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { EXTERNAL_NAME } from '../../function/src/names.ts';
import { at, stringAt } from '../../function/src/objects.ts';
import { matches, readFiles } from '../../local/files.ts';
import { partsOf } from '../../local/pipeline.ts';
import { readItems, readMessages, untilRecorded, upload } from '../../local/upload.ts';
import { type KubeObject, type ObjectRef, until } from '../cluster.ts';
import { exampleClaims } from '../examples.ts';
import { expect, type Scenario } from '../scenario.ts';
import {
  composedBy,
  discard,
  isTrue,
  keyOf,
  READY_MS,
  refOf,
  type Stage,
  untilReady,
  whyNotReady,
} from '../stage.ts';
import { describeWaves, seconds, startStopwatch, type Timing } from '../timing.ts';

const ROOT = join(import.meta.dirname, '../..');
const EXAMPLES = join(ROOT, 'examples');
const SMALLEST = 'examples/claim.yaml';
const RECORDED_MS = 90_000;
/** A claim is ready this much later than its slowest resource, at most, with the guide's settings. */
export const READY_AFTER_SLOWEST_MS = 5_000;
/** The default claim takes its first file this soon after it was applied, with the guide's settings. */
export const FIRST_FILE_MS = 20_000;

export interface Example {
  /** As `kubectl apply -f` is given it. */
  path: string;
  claim: KubeObject;
}

/** Every example, the smallest first. */
export function examples(): Example[] {
  const all = exampleClaims().map((path) => ({
    path: `examples/${path}`,
    claim: parse(readFileSync(join(EXAMPLES, path), 'utf8')),
  }));
  return all.sort((a, b) => Number(b.path === SMALLEST) - Number(a.path === SMALLEST));
}

/** Keys of files that a claim's filter lets through, with the prefix that it asks for. */
function filesFor(claim: KubeObject) {
  const prefix = stringAt(claim, 'spec', 'source', 'prefix') ?? '';
  const suffixes = at(claim, 'spec', 'source', 'suffixes');
  const files = readFiles(join(EXAMPLES, 'files'));
  const passes = (key: string) =>
    matches(key, prefix, Array.isArray(suffixes) ? suffixes.map(String) : undefined);
  return { files, expected: files.filter(({ key }) => passes(key)), prefix, suffixes };
}

/**
 * Uploads one file as soon as the notification is ready, and waits for its item. The claim's own status may tell of it much
 * later, so names are those of the managed resources.
 */
export async function firstFile(stage: Stage, ref: ObjectRef): Promise<void> {
  const resources = () => {
    const claim = stage.pipelines.get(ref);
    return claim === undefined ? [] : composedBy(stage, claim);
  };
  const find = (key: string) => resources().find((one) => keyOf(one) === key);
  await until(
    stage.managed,
    () => (isTrue(find('notification'), 'Ready') ? true : undefined),
    READY_MS,
    () => whyNotReady(stage, ref),
  );
  const claim = stage.pipelines.get(ref);
  expect(claim !== undefined, `${ref.name} is gone`);
  const nameOf = (key: string) => stringAt(find(key), 'metadata', 'annotations', EXTERNAL_NAME) ?? '';
  const { prefix, suffixes } = filesFor(claim);
  const suffix: unknown = Array.isArray(suffixes) ? suffixes[0] : '.txt';
  const key = `${prefix}first${String(suffix)}`;
  await upload(stage.clients, nameOf('bucket'), [{ key, body: Buffer.from('first') }]);
  const partitionKey = stringAt(claim, 'spec', 'table', 'partitionKey') ?? '';
  await untilRecorded(stage.clients, nameOf('table'), partitionKey, [key], RECORDED_MS);
}

/** Uploads all example files to a ready claim and checks each item, and that nothing else was recorded. */
export async function checkDataPath(stage: Stage, claim: KubeObject): Promise<number> {
  const { files, expected } = filesFor(claim);
  const { bucket, table, partitionKey, deadLetterQueue } = partsOf(claim);
  const before = new Set((await readItems(stage.clients, table)).map((item) => item[partitionKey]));
  await upload(stage.clients, bucket, files);
  const keys = expected.map(({ key }) => key);
  const items = await untilRecorded(stage.clients, table, partitionKey, keys, RECORDED_MS);
  for (const item of items) {
    const key = String(item[partitionKey]);
    const file = expected.find((one) => one.key === key);
    expect(
      file !== undefined || before.has(key),
      `${key} was recorded, and the claim's filter leaves it out`,
    );
    if (file)
      expect(item['size'] === file.body.length, `${key}: size ${item['size']}, not ${file.body.length}`);
  }
  const [letter] = await readMessages(stage.clients, deadLetterQueue);
  expect(letter === undefined, `the dead-letter queue of ${claim.metadata.name} has ${letter?.Body}`);
  return keys.length;
}

const COLUMNS = ['NAME', 'TYPE', 'BUCKET', 'TABLE', 'SYNCED', 'READY', 'AGE'];

/** `kubectl get fip` shows what the status says. */
async function checkColumns(stage: Stage, claim: KubeObject): Promise<string> {
  const { name, namespace } = refOf(claim);
  const shown = await stage.kubectl('get', 'fip', name, '-n', namespace);
  const [headings = '', row = ''] = shown.trim().split('\n');
  const found = headings.split(/ {2,}/);
  const missing = COLUMNS.filter((column) => !found.includes(column));
  expect(missing.length === 0, `kubectl get fip lacks the columns ${missing.join(', ')}:\n${shown}`);
  for (const cell of [
    name,
    'True',
    stringAt(claim, 'status', 'bucket') ?? '',
    stringAt(claim, 'status', 'table') ?? '',
  ])
    expect(row.split(/ +/).includes(cell), `kubectl get fip ${name} lacks ${cell}:\n${shown}`);
  return shown;
}

function checkStatus(claim: KubeObject, stage: Stage): void {
  const waiting = at(claim, 'status', 'waitingFor');
  expect(
    !Array.isArray(waiting) || waiting.length === 0,
    `${claim.metadata.name} is ready, and waits for ${waiting}`,
  );
  const failing = composedBy(stage, claim).filter((one) => !isTrue(one, 'Synced') || !isTrue(one, 'Ready'));
  expect(
    failing.length === 0,
    `ready, but not synced: ${failing.map(({ kind, metadata }) => `${kind} ${metadata.name}`)}`,
  );
}

/** What `firstFile` and `untilReady` took, in a line, with the waves below. */
export function reportTiming(what: string, firstFileMs: number, timing: Timing): string[] {
  const { readyMs, slowest, resources, events, breakerOpened } = timing;
  const slow = slowest ? `slowest ${slowest.key} ${seconds(slowest.readyMs)}` : '';
  const breaker = breakerOpened ? 'circuit breaker opened' : 'circuit breaker closed';
  return [
    `${what}: first file ${seconds(firstFileMs)}, ready ${seconds(readyMs)}, ${slow}, ${resources.length} resources, ${events} events, ${breaker}`,
    ...describeWaves(timing).map((line) => `  ${line}`),
  ];
}

/** Applies an example as the README says, times it, and checks all that a user would look at. */
export async function applyExample(stage: Stage, { path, claim }: Example) {
  const ref = refOf(claim);
  const stopwatch = startStopwatch(stage, ref);
  await stage.kubectl('apply', '-f', join(ROOT, path));
  const [ready, firstFileMs] = await Promise.all([
    untilReady(stage, ref),
    firstFile(stage, ref).then(() => stopwatch.now()),
  ]);
  const timing = stopwatch.stop();
  return { ready, firstFileMs, timing };
}

export const scenario: Scenario = {
  name: 'examples',
  title: 'every example is ready, and records files',
  needs: ['lambda'],
  run: async (stage) => {
    const lines: string[] = [];
    const late: string[] = [];
    for (const example of examples()) {
      const { ready, firstFileMs, timing } = await applyExample(stage, example);
      checkStatus(ready, stage);
      await checkColumns(stage, ready);
      const recorded = await checkDataPath(stage, ready);
      const report = reportTiming(example.path, firstFileMs, timing);
      for (const line of report) stage.say(line);
      lines.push(...report, `  ${recorded} files recorded`);
      const lag = (timing.readyMs ?? 0) - (timing.slowest?.readyMs ?? 0);
      if (firstFileMs > FIRST_FILE_MS) late.push(`${example.path}: first file after ${seconds(firstFileMs)}`);
      if (lag > READY_AFTER_SLOWEST_MS)
        late.push(`${example.path}: ready ${seconds(lag)} after its slowest resource`);
      discard(stage, ready);
    }
    lines.push(
      late.length === 0
        ? 'targets met: first file within 20 s, ready within 5 s of the slowest'
        : `targets missed: ${late.join('; ')}`,
    );
    return lines;
  },
};
