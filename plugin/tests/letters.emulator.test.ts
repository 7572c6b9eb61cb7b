/** `dead-letters` and `redrive`, on a pipeline that runs on the embedded emulator. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { s3Event, s3Record } from '../../lambda/testing/records.ts';
import { executionNames } from '../../local/pipeline.ts';
import { untilRecorded } from '../../local/upload.ts';
import { type Running, startRunning, steady } from './running.ts';

let running: Running;
const fip: Running['fip'] = (...args) => running.fip(...args);
const WHY = 'DynamoDB.ResourceNotFoundException: Requested resource not found';
const BAD = ['in/a.txt', 'in/b c.txt', 'in/lost.txt'];

/** The lines of an output, sorted: a queue has no order. */
const sorted = (text: string) => steady(text).split('\n').filter(Boolean).sort();
const keysIn = (text: string): string[] =>
  text
    .split('\n')
    .flatMap((line): string[] => (line === '' ? [] : [JSON.parse(line).objects[0].key]))
    .sort();

beforeAll(async () => {
  running = await startRunning({ source: { prefix: 'in/' }, workflow: { type: 'RecordFile' } });
  await running.break();
  await running.put(...BAD);
  await running.untilLetters(3);
});
afterAll(() => running?.stop());

describe('dead-letters', () => {
  it('looks, and takes none', async () => {
    const { code, stdout, stderr } = await fip('dead-letters', 'invoices');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(sorted(stdout)).toEqual([
      '3 dead letters',
      ...BAD.map((key) => `TIME  execution    ID  ${key}: ${WHY}`),
    ]);
    expect(keysIn((await fip('dead-letters', 'invoices', '-o', 'json')).stdout)).toEqual(BAD);
  });

  it('chooses by key, error and age', async () => {
    const keys = async (...options: string[]) =>
      keysIn((await fip('dead-letters', 'invoices', '-o', 'json', ...options)).stdout);
    expect(await keys('--key', 'in/b c.txt')).toEqual(['in/b c.txt']);
    expect(await keys('--error', 'resourcenotfound', '--newer-than', '1d')).toEqual(BAD);
    expect(await keys('--error', 'throttl')).toEqual([]);
    expect(await keys('--older-than', '1d')).toEqual([]);
  });

  it('exports them into a new file, or to standard output', async () => {
    const { stdout } = await fip('dead-letters', 'invoices', '--export', 'letters.jsonl');
    expect(stdout).toBe('3 dead letters, written to letters.jsonl\n');
    const written = readFileSync(join(running.folder, 'letters.jsonl'), 'utf8');
    expect(keysIn(written)).toEqual(BAD);
    expect(keysIn((await fip('dead-letters', 'invoices', '--export', '-')).stdout)).toEqual(BAD);

    writeFileSync(join(running.folder, 'mine.txt'), 'mine');
    const refused = await fip('dead-letters', 'invoices', '--export', 'mine.txt', '--delete', '--yes');
    expect(refused).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'kubectl fip: --export: mine.txt cannot be written: there is such a file already. Name another one.\n',
    });
    expect(readFileSync(join(running.folder, 'mine.txt'), 'utf8')).toBe('mine');
  });

  it('deletes what was chosen, and only after a question', async () => {
    const chosen = ['dead-letters', 'invoices', '--key', 'in/lost.txt', '--delete'];
    const unasked = await fip(...chosen);
    expect(unasked).toMatchObject({
      code: 2,
      stderr: 'kubectl fip: there is no terminal to ask on. Use --yes.\n',
    });
    expect(await running.letters()).toBe(3);

    const { code, stdout } = await fip(...chosen, '--yes');
    expect(code).toBe(0);
    expect(steady(stdout).split('\n')).toEqual([
      `TIME  execution    ID  in/lost.txt: ${WHY}`,
      '1 dead letter',
      '1 deleted',
      '',
    ]);
    expect(keysIn((await fip('dead-letters', 'invoices', '-o', 'json')).stdout)).toEqual(BAD.slice(0, 2));
  });
});

describe('redrive', () => {
  const [A, B] = BAD;
  const untilRows = (...keys: string[]) => {
    const { clients, table, partitionKey } = running.pipeline;
    return untilRecorded(clients, table, partitionKey, keys, 60_000);
  };
  const executions = async () => (await executionNames(running.pipeline)).length;
  const withoutTime = (text: string) => sorted(text).map((line) => line.replace(/in [\d.]+ s/, 'in S s'));

  it('--dry-run: shows what would go, and sends nothing', async () => {
    const before = await executions();
    const { code, stdout } = await fip('redrive', 'invoices', '--dry-run');
    expect(code).toBe(0);
    expect(withoutTime(stdout)).toEqual([
      '2 dead letters in S s: 2 would go',
      `would go     TIME  ${A}  to state machine`,
      `would go     TIME  ${B}  to state machine`,
    ]);
    expect([await executions(), await running.letters()]).toEqual([before, 2]);
  });

  it('where the cause is still there, new letters come', async () => {
    const { code, stdout } = await fip('redrive', 'invoices', '--key', A ?? '');
    expect(stdout).toContain('1 sent');
    // The new letter comes while the command still looks, or after it.
    expect([0, 4]).toContain(code);
    await running.untilLetters(2);
  });

  it('sends executions and events, and leaves what is none of ours', async () => {
    const { clients, deadLetterQueue, bucket, functionName } = running.pipeline;
    await running.mend();
    const functionArn = `arn:aws:lambda:eu-west-1:000000000000:function:${functionName}:$LATEST`;
    const event = s3Event(s3Record({ bucket, key: 'in/event.txt', sequencer: 'AB' }));
    const bodies = [{ requestPayload: event, requestContext: { functionArn } }, { hello: 1 }];
    for (const body of bodies)
      await clients.sqs.sendMessage({ QueueUrl: deadLetterQueue, MessageBody: JSON.stringify(body) });

    const { code, stdout, stderr } = await fip('redrive', 'invoices');
    expect({ code, stderr }).toEqual({ code: 4, stderr: '' });
    expect(withoutTime(stdout.replace(functionName, 'FUNCTION'))).toEqual([
      expect.stringMatching(/^4 dead letters in S s: (3 sent, 1 stays|1 stays, 3 sent)$/),
      `sent         TIME  ${A}  to state machine`,
      `sent         TIME  ${B}  to state machine`,
      'sent         TIME  in/event.txt  to FUNCTION',
      'stays        TIME  about no object: it has no event and no input that this pipeline could take',
    ]);
    await untilRows(A ?? '', B ?? '', 'in/event.txt');
    expect(await running.letters()).toBe(1);
    await fip('dead-letters', 'invoices', '--delete', '--yes');
  });

  it('interrupted, it puts the others back, and the next one goes on', async () => {
    const keys = Array.from({ length: 12 }, (_, index) => `in/many-${index}.txt`);
    await running.break();
    await running.put(...keys);
    await running.untilLetters(keys.length);
    await running.mend();
    const before = await executions();
    let isKilled = false;
    const first = await running.watched(['redrive', 'invoices', '--rate', '0.5'], (stdout, kill) => {
      if (isKilled || !stdout.includes('sent')) return;
      isKilled = true;
      kill('SIGINT');
    });
    expect(first).toMatchObject({
      code: 1,
      stderr:
        'kubectl fip: interrupted. Letters that were not sent are in the queue again. Run it again to go on.\n',
    });
    // How many were sent before the signal came depends on the machine.
    const sent = first.stdout.split('\n').filter((line) => line.startsWith('sent')).length;
    expect(sent).toBeGreaterThan(0);
    expect((await executions()) - before).toBe(sent);
    expect(await running.letters()).toBe(keys.length - sent);
    expect((await fip('redrive', 'invoices', '--rate', '100')).code).toBe(0);
    await untilRows(...keys);
    expect((await executions()) - before).toBe(keys.length);
    expect(await running.letters()).toBe(0);
  });
});
