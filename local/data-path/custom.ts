/**
 * The data path of Custom. With trigger Upload, each file starts one execution, which must succeed. With None, each file is the input
 * of an execution. The effect of the executions is not checked: the table is shown as it is.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { paginateListExecutions } from '@aws-sdk/client-sfn';
import { KEYS, policyKey } from '../../function/src/keys.ts';
import { at, type Json, stringAt } from '../../function/src/objects.ts';
import { completeSpec } from '../../function/src/read-spec.ts';
import { takesUploads } from '../../function/src/resources/trigger.ts';
import { readFiles } from '../files.ts';
import { type Item, readItems, upload } from '../upload.ts';
import { type DataPath, type Given, patienceFor } from './data-path.ts';
import { assertSucceeded, executeAll } from './executions.ts';
import { filtered, filterOf } from './record-file.ts';

/** The folder with the inputs of executions, in `examples`. */
const INPUTS = 'custom/files';
/** After this time, no more executions are expected to start. */
const LATE_MS = 500;
const MOST_COLUMNS = 5;

type Stage = Omit<Given, 'files'>;

/** The status of all executions, by ARN. */
async function executions({ clients, parts }: Stage): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const { stateMachine: stateMachineArn } = parts;
  for await (const page of paginateListExecutions({ client: clients.sfn }, { stateMachineArn }))
    for (const { executionArn = '', status = '' } of page.executions ?? []) found.set(executionArn, status);
  return found;
}

/** The items of the table in place of executions: Express has no list of executions, so each one is assumed to write one item. */
async function itemsAsExecutions({ clients, parts }: Stage): Promise<Map<string, string>> {
  const items = await readItems(clients, parts.table);
  return new Map(items.map((item) => [String(item[parts.partitionKey]), 'SUCCEEDED']));
}

/** Calls `start`, which starts executions, and waits until `count` new executions have succeeded. */
async function untilOver(stage: Stage, count: number, start: () => Promise<void>): Promise<void> {
  const isExpress = completeSpec(stage.claim).workflow.execution === 'Express';
  const list = () => (isExpress ? itemsAsExecutions(stage) : executions(stage));
  const before = await list();
  await start();
  const end = Date.now() + patienceFor(count);
  for (;;) {
    const started = [...(await list())].filter(([arn]) => !before.has(arn));
    const over = started.filter(([, status]) => status === 'SUCCEEDED').length;
    if (started.length > count)
      throw new Error(
        `${count} executions were to start, but ${started.length} did: does one start another?`,
      );
    if (over === count) return;
    if (Date.now() > end)
      throw new Error(`${over} of ${count} executions are over, ${started.length} started`);
    await delay(200);
  }
}

/** The names of the attributes, the partition key first. */
function columnsOf(items: readonly Item[], partitionKey: string): string[] {
  const others = new Set(items.flatMap((item) => Object.keys(item)));
  others.delete(partitionKey);
  return [partitionKey, ...[...others].sort()].slice(0, MOST_COLUMNS);
}

async function whatIsThere({ clients, parts }: Stage) {
  const items = await readItems(clients, parts.table);
  return { recorded: items.length, items, columns: columnsOf(items, parts.partitionKey) };
}

const byUpload: DataPath = {
  files: 'files',
  opens: (claim) => takesUploads(completeSpec(claim)),

  async first(stage) {
    const { prefix, suffixes } = filterOf(stage.claim);
    const key = `${prefix}first${suffixes?.[0] ?? '.txt'}`;
    await untilOver(stage, 1, () =>
      upload(stage.clients, stage.parts.bucket, [{ key, body: Buffer.from('first') }]),
    );
  },

  async move(given, say) {
    const { claim, parts, clients, files } = given;
    const expected = filtered(claim, files);
    const sent = `${files.length} files; ${expected.length} match the claim's prefix and suffixes`;
    say(`Uploading ${sent}`);
    const start = () => upload(clients, parts.bucket, files);
    await untilOver(given, expected.length, start);
    await untilOver(given, 0, () => delay(LATE_MS));
    return { sent, ...(await whatIsThere(given)), notes: [] };
  },
};

const byHand = (claim: Json): DataPath => {
  const functions = at(claim, 'spec', 'workflow', 'custom', 'functions');
  const names = (Array.isArray(functions) ? functions : []).flatMap((one) => stringAt(one, 'name') ?? []);
  return {
    files: INPUTS,
    opens: () => [
      ...[KEYS.table, KEYS.stateMachine, policyKey(KEYS.stateMachine)],
      ...names.flatMap((name) => [name, policyKey(name)]),
    ],

    async first(stage) {
      assertSucceeded(await executeAll({ ...stage, files: readFiles(`examples/${INPUTS}`).slice(0, 1) }));
    },

    async move(given, say) {
      const sent = `${given.files.length} executions`;
      say(`Starting ${sent}`);
      assertSucceeded(await executeAll(given));
      return { sent, ...(await whatIsThere(given)), notes: [] };
    },
  };
};

/** The data path of a claim of type Custom. It depends on the trigger. */
export const custom = (claim: Json): DataPath =>
  at(claim, 'spec', 'workflow', 'custom', 'trigger') === 'None' ? byHand(claim) : byUpload;
