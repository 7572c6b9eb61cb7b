/** What a pipeline tells of what failed in it, by workflow type. */
import { StateMachineTypeNotSupported } from '@aws-sdk/client-sfn';
import { afterEach, expect, it } from 'vitest';
import { claimOf } from '../../function/render.ts';
import { allFailures, anythingFailed, failedExecutions, stateBefore } from '../data-path/failures.ts';
import { reasonLines } from '../data-path/reasons.ts';
import { type Pipeline, startPipeline } from '../pipeline.ts';
import { upload } from '../upload.ts';

let pipeline: Pipeline | undefined;
afterEach(async () => {
  await pipeline?.stop();
  pipeline = undefined;
});

async function started(workflow: object): Promise<Pipeline> {
  const quickly = { asyncRetryBaseSeconds: 1, asyncRetryMaxSeconds: 1, waitScale: 0.01 };
  pipeline = await startPipeline(claimOf({ region: 'eu-west-1', workflow }), quickly);
  return pipeline;
}

/** Uploads one file, and gives what is told once it has failed for good. */
async function whyOf(here: Pipeline, key: string, body: Buffer): Promise<string[]> {
  const given = { parts: here, clients: here.clients };
  const before = await stateBefore(given);
  expect(await anythingFailed(given, before)).toBe(false);
  await upload(here.clients, here.bucket, [{ key, body }]);
  const told = async () => {
    const reasons = await allFailures(given, before);
    const all = here.stateMachine === undefined ? ['dead letter'] : ['dead letter', 'execution FAILED'];
    return all.every((one) => reasons.some(({ what }) => what === one)) ? reasons : [];
  };
  await expect.poll(told, { timeout: 90_000, interval: 500 }).not.toEqual([]);
  const text = reasonLines(await told()).join('\n');
  return text
    .replaceAll(/-[0-9a-f]{8}\b(?!-)/g, '-UID')
    .replaceAll(/(:execution:[\w-]+?:)[\w-]+/g, '$1NAME')
    .split('\n');
}

const EXECUTION = 'arn:aws:states:eu-west-1:000000000000:execution:team-a-invoices-workflow-UID:NAME';

it.each(['Standard', 'Express'])('RecordFile, %s: an item that cannot be put', async (execution) => {
  const here = await started({ type: 'RecordFile', execution });
  await here.clients.dynamodb.deleteTable({ TableName: here.table });
  expect(await whyOf(here, 'in/a b.txt', Buffer.from('1'))).toEqual([
    '  1 × execution FAILED: DynamoDB.ResourceNotFoundException: Requested resource not found',
    `      in/a b.txt, ${EXECUTION}`,
    '  1 × dead letter: DynamoDB.ResourceNotFoundException: Requested resource not found',
    `      in/a b.txt, ${EXECUTION}`,
  ]);
});

it('RecordFile, Direct: what the function threw, three times', async () => {
  const here = await started({ type: 'RecordFile', execution: 'Direct' });
  await here.clients.dynamodb.deleteTable({ TableName: here.table });
  const failed =
    '1 of 1 records failed: Records[0] "in/a b.txt": ResourceNotFoundException: Requested resource not found';
  expect(await whyOf(here, 'in/a b.txt', Buffer.from('1'))).toEqual([
    `  1 × dead letter: Runtime.HandlerError: ${failed}`,
    '      in/a b.txt',
    '  3 × function team-a-invoices-record-file-UID: Record failed: ResourceNotFoundException: Requested resource not found',
    '      such as in/a b.txt',
    `  3 × function team-a-invoices-record-file-UID: RecordsFailedError: ${failed}`,
  ]);
});

it('ProcessImage: an image that is broken', async () => {
  const here = await started({ type: 'ProcessImage' });
  const broken = Buffer.concat([Buffer.from('ffd8ffe000104a46494600', 'hex'), Buffer.alloc(300)]);
  const lines = await whyOf(here, 'in/broken.jpg', broken);
  expect(lines[0]).toMatch(/^ {2}1 × execution FAILED: \w.*in\/broken\.jpg/);
  expect(lines[1]).toBe(`      in/broken.jpg, ${EXECUTION}`);
});

it('Express as AWS has it, which keeps no executions: its log is asked, and nothing is hidden by that', async () => {
  const here = await started({ type: 'RecordFile', execution: 'Express' });
  here.clients.sfn.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName !== 'ListExecutionsCommand') return next(args);
        throw new StateMachineTypeNotSupported({ message: 'not supported by Express', $metadata: {} });
      },
    { step: 'initialize' },
  );
  const given = { parts: here, clients: here.clients };
  expect(await failedExecutions(given, await stateBefore(given))).toEqual([]);
});
