import { setTimeout as delay } from 'node:timers/promises';
import { NoSuchKey } from '@aws-sdk/client-s3';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createHandler } from '../../lambda/launch-instance/launch-instance.ts';
import { createHandler as createSweep } from '../../lambda/sweep-instances/sweep-instances.ts';
import { keptLog } from '../../lambda/testing/records.ts';
import { type Clients, createClients } from '../aws.ts';
import { type Emulator, startEmulator } from '../emulator.ts';
import { type Machines, startMachines } from '../machines.ts';
import { trust } from '../testing/manifests.ts';
import type { SandboxOutcome } from '../vm.ts';

// From the stream's record to the output: the launcher's own code, the machine's own user data, the sweep's own code.

const PIPELINE = 'default/uploads';
const ENV = {
  TABLE_NAME: 'uploads',
  PARTITION_KEY: 'id',
  BUCKET: 'files',
  SCRIPT_BUCKET: 'files',
  SCRIPT_KEY: 'script.sh',
  TIMEOUT_MINUTES: '1',
  LAUNCH_TEMPLATE: 'launcher',
  PIPELINE,
};

let emulator: Emulator;
let clients: Clients;
let machines: Machines | undefined;
let ended: [string, SandboxOutcome][];

beforeAll(async () => {
  emulator = await startEmulator({ region: 'eu-west-1' });
  clients = createClients(emulator);
  await clients.s3.createBucket({ Bucket: 'files' });
  await clients.dynamodb.createTable({
    TableName: 'uploads',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  });
  const { Role } = await clients.iam.createRole({
    RoleName: 'launcher',
    AssumeRolePolicyDocument: trust('lambda.amazonaws.com'),
  });
  await clients.ec2.createLaunchTemplate({
    LaunchTemplateName: ENV.LAUNCH_TEMPLATE,
    LaunchTemplateData: { InstanceType: 't4g.nano' },
  });
  // Only its settings are asked for.
  await clients.lambda.createFunction({
    FunctionName: 'launcher',
    Role: Role?.Arn,
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Code: { ZipFile: zipSync({ 'index.mjs': new Uint8Array() }) },
    Environment: { Variables: ENV },
  });
});

beforeEach(() => {
  ended = [];
  const onEnd = (id: string, outcome: SandboxOutcome) => void ended.push([id, outcome]);
  machines = startMachines({ clients, launcher: 'launcher', pipeline: PIPELINE, onEnd });
  return async () => {
    await machines?.stop();
    machines = undefined;
  };
});

afterAll(async () => {
  clients?.close();
  await emulator?.stop();
});

/** Puts an upload there, and hands its record to the launcher. */
async function upload(id: string, script: string): Promise<void> {
  const put = (Key: string, Body: string) => clients.s3.putObject({ Bucket: 'files', Key, Body });
  await put('script.sh', script);
  await put(`uploads/${id}/a.txt`, 'file');
  const row = {
    id: { S: id },
    status: { S: 'uploaded' },
    updated: { S: new Date().toISOString() },
    input_text: { S: 'text' },
    input_file_path: { S: `files/uploads/${id}/a.txt` },
  };
  await clients.dynamodb.putItem({ TableName: 'uploads', Item: row });
  const { log } = keptLog();
  const launch = createHandler({ ...clients, env: { ...ENV, AWS_REGION: 'eu-west-1' }, logger: log });
  const record = { eventName: 'MODIFY', dynamodb: { SequenceNumber: '1', NewImage: row } };
  expect(await launch({ Records: [record] })).toEqual({ batchItemFailures: [] });
}

async function rowOf(id: string) {
  const { Item } = await clients.dynamodb.getItem({
    TableName: 'uploads',
    Key: { id: { S: id } },
    ConsistentRead: true,
  });
  return Item;
}

async function textOf(Key: string): Promise<string | undefined> {
  try {
    const { Body } = await clients.s3.getObject({ Bucket: 'files', Key });
    return await Body?.transformToString();
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function stateOf(machine: string): Promise<string | undefined> {
  const { Reservations } = await clients.ec2.describeInstances({ InstanceIds: [machine] });
  return Reservations?.[0]?.Instances?.[0]?.State?.Name;
}

/** Long enough for two looks. */
const untilSeen = () => delay(1000);

const SLOWLY = { timeout: 30_000, interval: 200 };

describe('machines on the emulator', () => {
  test('one works on its upload once, and ends', async () => {
    await upload('one', 'cat "$INPUT_FILE" "$INPUT_TEXT_FILE" >"$OUTPUT_FILE"');
    await expect.poll(() => ended.length, SLOWLY).toBe(1);

    const row = await rowOf('one');
    expect(row).toMatchObject({
      status: { S: 'done' },
      output_file_path: { S: 'files/outputs/one/a.txt' },
    });
    expect(await textOf('outputs/one/a.txt')).toBe('filetext');
    expect(ended[0]?.[0]).toBe(row?.['instance_id']?.S);
    expect(ended[0]?.[1].shutdowns).toEqual(['-P +6', '-P now']);
    expect(await stateOf(ended[0]?.[0] ?? '')).toBe('terminated');
  });

  test('one that the sweep terminates is ended, with all that its script started', async () => {
    await upload('lost', 'sleep 600 & echo $! | aws s3 cp - "s3://$BUCKET/sleeper"; wait');
    await expect.poll(() => textOf('sleeper'), SLOWLY).toMatch(/^\d+\n$/);
    const sleeper = Number(await textOf('sleeper'));
    expect(isThere(sleeper)).toBe(true);
    const machine = (await rowOf('lost'))?.['instance_id']?.S ?? '';

    const later = () => new Date(Date.now() + 12 * 60_000);
    const { log } = keptLog();
    const report = await createSweep({ ...clients, env: ENV, logger: log, now: later })();

    expect(report).toMatchObject({
      openRows: 1,
      failedRows: 1,
      machines: 1,
      terminatedMachines: 1,
      errors: 0,
    });
    expect(await rowOf('lost')).toMatchObject({
      status: { S: 'failed' },
      error: { S: 'The virtual machine ended before the script was finished. Upload the file again.' },
    });
    await expect.poll(() => ended.map(([id]) => id), SLOWLY).toEqual([machine]);
    expect(ended[0]?.[1]).toMatchObject({ code: null, shutdowns: ['-P +6'] });
    // A process that was killed is there until its parent has heard of it.
    await expect.poll(() => isThere(sleeper), SLOWLY).toBe(false);
  });

  test('one of another pipeline is no business of ours', async () => {
    const { Instances } = await clients.ec2.runInstances({
      MinCount: 1,
      MaxCount: 1,
      TagSpecifications: [
        { ResourceType: 'instance', Tags: [{ Key: 'fileingest.dev/pipeline', Value: 'default/other' }] },
      ],
    });
    const id = Instances?.[0]?.InstanceId ?? '';
    await untilSeen();
    await machines?.stop();
    machines = undefined;

    expect(ended).toEqual([]);
    expect(await stateOf(id)).toBe('running');
    await clients.ec2.terminateInstances({ InstanceIds: [id] });
  });

  test('one that cannot be run is told of when they are stopped', async () => {
    const tagged = [{ Key: 'fileingest.dev/pipeline', Value: PIPELINE }];
    const { Instances } = await clients.ec2.runInstances({
      MinCount: 1,
      MaxCount: 1,
      TagSpecifications: [{ ResourceType: 'instance', Tags: tagged }],
    });
    const id = Instances?.[0]?.InstanceId ?? '';
    await untilSeen();
    const stopped = machines?.stop();
    machines = undefined;

    await expect(stopped).rejects.toMatchObject({
      errors: [new Error(`${id} has no tag fileingest.dev/upload`)],
    });
    await clients.ec2.terminateInstances({ InstanceIds: [id] });
  });
});
