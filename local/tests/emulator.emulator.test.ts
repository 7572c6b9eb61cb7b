import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import { afterEach, expect, it, onTestFinished } from 'vitest';
import { listen } from '../../tools/ports.ts';
import { createClients } from '../aws.ts';
import { type Emulator, startEmulator } from '../emulator.ts';
import { trust, zipOf } from '../testing/manifests.ts';

let emulator: Emulator | undefined;
afterEach(async () => {
  await emulator?.stop();
  emulator = undefined;
});

/** Local addresses (hexadecimal, as the kernel has them) on which a process listens. */
function listening(pid: number): string[] {
  const sockets = new Set<string>();
  for (const fd of readdirSync(`/proc/${pid}/fd`)) {
    const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
    if (inode !== undefined) sockets.add(inode);
  }
  const LISTEN = '0A';
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === LISTEN && sockets.has(inode ?? ''))
      .map(([, address]) => address?.split(':')[0] ?? ''),
  );
}

const onLinux = process.platform === 'linux';
it.skipIf(!onLinux)('listens on loopback only (read from /proc, so on Linux only)', async () => {
  emulator = await startEmulator();
  expect(listening(emulator.pid)).toEqual(['0100007F']);
});

it('says in one line that a port is taken', async () => {
  emulator = await startEmulator();
  const { port } = emulator;
  await expect(startEmulator({ port })).rejects.toThrow(
    `port ${port} on 127.0.0.1 is taken: stop what listens there, or name another`,
  );
});

it('keeps events that a busy function cannot take yet, as AWS does, and refuses calls that wait for an answer', async () => {
  const done: string[] = [];
  let next: (() => void)[] = [];
  // A call of the function ends when the test says so.
  const server = createServer((request, response) => {
    done.push(request.url ?? '');
    next.push(() => response.end());
  });
  const { url, stop } = await listen(server);
  onTestFinished(stop);
  const attempts = { asyncRetryBaseSeconds: 0.01, asyncRetryMaxSeconds: 0.01 };
  emulator = await startEmulator({ accountConcurrency: 1, ...attempts });
  const clients = createClients(emulator);
  onTestFinished(clients.close);
  const { iam, lambda, sqs } = clients;
  const AssumeRolePolicyDocument = trust('lambda.amazonaws.com');
  const { Role } = await iam.createRole({ RoleName: 'busy', AssumeRolePolicyDocument });
  const { QueueUrl = '' } = await sqs.createQueue({ QueueName: 'letters' });
  const code = `export const handler = async ({ id }) => { await fetch('${url}/' + id); };`;
  const FunctionName = 'busy';
  await lambda.createFunction({
    FunctionName,
    Role: Role?.Arn,
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Timeout: 60,
    Code: { ZipFile: Buffer.from(zipOf({ 'index.mjs': code }).base64, 'base64') },
    DeadLetterConfig: { TargetArn: 'arn:aws:sqs:us-east-1:000000000000:letters' },
  });
  await expect
    .poll(async () => (await lambda.getFunction({ FunctionName })).Configuration?.State, { timeout: 20_000 })
    .toBe('Active');
  const ids = ['1', '2', '3', '4'];
  for (const id of ids)
    await lambda.invoke({ FunctionName, InvocationType: 'Event', Payload: JSON.stringify({ id }) });
  await expect.poll(() => done.length, { timeout: 30_000 }).toBe(1);
  // Three attempts of each of the others would be over by now.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  await expect(lambda.invoke({ FunctionName, Payload: '{"id":"5"}' })).rejects.toMatchObject({
    name: 'TooManyRequestsException',
  });
  const finish = () => {
    for (const end of next) end();
    next = [];
    return done.length;
  };
  await expect.poll(finish, { timeout: 60_000, interval: 200 }).toBe(ids.length);
  expect(done.toSorted()).toEqual(ids.map((id) => `/${id}`));
  const { Attributes } = await sqs.getQueueAttributes({
    QueueUrl,
    AttributeNames: ['ApproximateNumberOfMessages'],
  });
  expect(Attributes?.['ApproximateNumberOfMessages']).toBe('0');
});
