/** RunScript as a whole: a claim made ready, files in, machines that run as processes of this machine, rows out. */
import { paginateDescribeInstances } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { claimOf } from '../../function/render.ts';
import { type Clients, createClients } from '../aws.ts';
import { untilReady, withUid } from '../composite.ts';
import { startEmulator } from '../emulator.ts';
import { startFunction } from '../function-server.ts';
import { type Machines, startMachines } from '../machines.ts';
import { foundIn, type Parts, withParts } from '../parts.ts';
import { type Pipeline, startPipeline } from '../pipeline.ts';
import { createReconciler } from '../reconciler.ts';
import { allMessages, readDeadLetter } from '../redrive.ts';
import { type Item, readItems } from '../upload.ts';
import { callApi, download, functionOf, uploadByForm } from '../upload-client.ts';

const PIPELINE = 'team-a/invoices';
const SCRIPT = `
case "$FILE_NAME" in
  broken*) echo "cannot read $FILE_NAME" >&2; exit 3 ;;
  *) tr a-z A-Z <"$INPUT_FILE" >"$OUTPUT_FILE" ;;
esac`;
const specOf = (type: 'None' | 'IAM') => ({
  region: 'eu-west-1',
  source: { upload: { authorization: { type }, maxSizeMB: 1 } },
  workflow: { type: 'RunScript', runScript: { script: SCRIPT, network: { publicAddress: true } } },
});
const SLOWLY = { timeout: 60_000, interval: 200 };

async function rowOf(
  { clients, table }: { clients: Clients; table: string },
  id: string,
): Promise<Item | undefined> {
  return (await readItems(clients, table)).find((row) => row['id'] === id);
}

async function invoke(clients: Clients, name: string, event: object = {}): Promise<unknown> {
  const { Payload, FunctionError } = await clients.lambda.invoke({
    FunctionName: name,
    Payload: JSON.stringify(event),
  });
  const answer = Buffer.from(Payload ?? []).toString();
  if (FunctionError) throw new Error(answer);
  return JSON.parse(answer);
}

async function machinesOf({ ec2 }: Clients, upload: string): Promise<string[]> {
  const Filters = [{ Name: 'tag:fileingest.dev/upload', Values: [upload] }];
  const states: string[] = [];
  for await (const { Reservations } of paginateDescribeInstances({ client: ec2 }, { Filters })) {
    for (const { Instances } of Reservations ?? [])
      states.push(...(Instances ?? []).map(({ State }) => State?.Name ?? ''));
  }
  return states;
}

describe('a pipeline', () => {
  const claim = claimOf(specOf('None'));
  let pipeline: Pipeline;
  let machines: Machines;
  const given = () => ({ claim, parts: pipeline, clients: pipeline.clients });

  beforeAll(async () => {
    pipeline = await startPipeline(claim, { asyncRetryBaseSeconds: 1, asyncRetryMaxSeconds: 1 });
    const launcher = functionOf(given(), 'launch-instance');
    machines = startMachines({ clients: pipeline.clients, launcher, pipeline: PIPELINE });
  });
  afterAll(async () => {
    await machines?.stop();
    await pipeline?.stop();
  });

  test('takes a file by its form, works on it once, and gives the output out', async () => {
    const id = await uploadByForm(given(), { key: 'it’s 1.txt', body: Buffer.from('words') }, 'a text');
    await expect.poll(() => rowOf(pipeline, id), SLOWLY).toMatchObject({ status: 'done' });

    expect(String(await download(given(), id))).toBe('WORDS');
    await expect.poll(() => machinesOf(pipeline.clients, id), SLOWLY).toEqual(['terminated']);
    expect(await callApi(given(), 'GET', `/uploads/${id}`)).toMatchObject({
      status: 200,
      body: { status: 'done', file_name: 'it’s 1.txt' },
    });
  });

  test('says why a script failed, to the person too', async () => {
    const id = await uploadByForm(given(), { key: 'broken.txt', body: Buffer.from('x') }, '');
    await expect.poll(() => rowOf(pipeline, id), SLOWLY).toMatchObject({ status: 'failed' });

    const error = 'The script failed with exit code 3. Last output:\ncannot read broken.txt';
    expect((await rowOf(pipeline, id))?.['error']).toBe(error);
    const { body } = await callApi(given(), 'GET', `/uploads/${id}`);
    expect(body).toMatchObject({ status: 'failed', error });
    expect(body).not.toHaveProperty('output_url');
  });

  test('starts no machine before the file is there', async () => {
    const body = { input_text: '', file_name: 'a.txt', size: 1, content_type: 'text/plain' };
    const { status, body: announced } = await callApi(given(), 'POST', '/uploads', body);
    const id = String(Object(announced).id);

    expect(status).toBe(201);
    expect(await rowOf(pipeline, id)).toMatchObject({ status: 'waiting' });
    expect(await machinesOf(pipeline.clients, id)).toEqual([]);
  });

  test('starts one machine, however often its row is delivered', async () => {
    const id = await uploadByForm(given(), { key: 'again.txt', body: Buffer.from('x') }, '');
    await expect.poll(() => rowOf(pipeline, id), SLOWLY).toMatchObject({ status: 'done' });
    const NewImage = { id: { S: id }, status: { S: 'uploaded' } };
    const record = { eventName: 'MODIFY', dynamodb: { SequenceNumber: '1', NewImage } };

    const answer = await invoke(pipeline.clients, functionOf(given(), 'launch-instance'), {
      Records: [record],
    });

    expect(answer).toEqual({ batchItemFailures: [] });
    await expect.poll(() => machinesOf(pipeline.clients, id), SLOWLY).toEqual(['terminated']);
  });

  test('sweeps what was lost', async () => {
    const { clients, table } = pipeline;
    const Item = {
      id: { S: 'lost' },
      status: { S: 'running' },
      updated: { S: '2026-01-02T03:04:05Z' },
      deadline: { N: '1767322000' },
    };
    await clients.dynamodb.putItem({ TableName: table, Item });
    // Another pipeline's: this one's would be run by what stands in for EC2.
    const foreign = [{ Key: 'fileingest.dev/pipeline', Value: 'team-b/other' }];
    const TagSpecifications = [
      {
        ResourceType: 'instance' as const,
        Tags: [...foreign, { Key: 'fileingest.dev/upload', Value: 'foreign' }],
      },
    ];
    await clients.ec2.runInstances({ MinCount: 1, MaxCount: 1, TagSpecifications });

    expect(await invoke(clients, functionOf(given(), 'sweep-instances'))).toMatchObject({
      openRows: 1,
      failedRows: 1,
      errors: 0,
    });

    expect(await rowOf(pipeline, 'lost')).toMatchObject({
      status: 'failed',
      error: 'The virtual machine ended before the script was finished. Upload the file again.',
    });
    expect(await machinesOf(clients, 'foreign')).toEqual(['running']);
  });

  test('has a dead letter for a file that was never announced', async () => {
    const { clients, bucket, deadLetterQueue } = pipeline;
    await clients.s3.putObject({ Bucket: bucket, Key: 'uploads/abc/a.txt', Body: 'x' });

    const letters = async () => (await allMessages(clients, deadLetterQueue)).map(readDeadLetter);
    await expect
      .poll(letters, SLOWLY)
      .toMatchObject([{ event: { Records: [{ s3: { object: { key: 'uploads/abc/a.txt' } } }] } }]);
  });
});

describe('with roles and the bucket policy enforced, over TLS', () => {
  test('every step does its work by its own role', async () => {
    const claim = claimOf(specOf('IAM'));
    const emulator = await startEmulator({ region: 'eu-west-1', auth: true, tls: true });
    const clients = createClients(emulator);
    const server = await startFunction();
    let machines: Machines | undefined;
    try {
      const reconciler = createReconciler({ clients });
      const composite = await untilReady({ claim: withUid(claim), server, reconciler });
      const parts: Parts = withParts({}, composite, foundIn(composite));
      const given = { claim, parts, clients };
      await allowLaunches(clients, functionOf(given, 'launch-instance'));
      const role = String(reconciler.observed().get('vm-role')?.status?.atProvider?.['arn']);
      machines = startMachines({
        clients,
        launcher: functionOf(given, 'launch-instance'),
        pipeline: PIPELINE,
        sandbox: {
          credentials: await credentialsOf(clients, role),
          env: { AWS_CA_BUNDLE: emulator.caFile ?? '' },
        },
      });
      const body = { input_text: '', file_name: 'a.txt', size: 5, content_type: 'text/plain' };
      const { body: announced } = await callApi(given, 'POST', '/uploads', body);
      const id = String(Object(announced).id);
      const { bucket, table } = parts;
      await clients.s3.putObject({ Bucket: bucket, Key: `uploads/${id}/a.txt`, Body: 'words' });

      await expect.poll(() => rowOf({ clients, table }, id), SLOWLY).toMatchObject({ status: 'done' });

      expect(await callApi(given, 'GET', `/uploads/${id}`)).toMatchObject({
        body: { status: 'done', output_url: expect.stringContaining(`/outputs/${id}/a.txt`) },
      });
      expect(await invoke(clients, functionOf(given, 'sweep-instances'))).toMatchObject({ errors: 0 });
    } finally {
      await machines?.stop();
      clients.close();
      await server.stop();
      await emulator.stop();
    }
  });
});

/** The emulator asks for starting machines as a whole, and knows none of EC2's conditions: those are unit-tested. */
async function allowLaunches({ iam }: Clients, RoleName: string): Promise<void> {
  const Statement = [{ Effect: 'Allow', Action: ['ec2:RunInstances', 'ec2:CreateTags'], Resource: '*' }];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam.putRolePolicy({ RoleName, PolicyName: 'launches', PolicyDocument });
}

/** Credentials of a role, as a machine has them. */
async function credentialsOf({ sts }: Clients, RoleArn: string) {
  const { Credentials } = await sts.assumeRole({ RoleArn, RoleSessionName: 'machine' });
  return {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
}
