/** `status` and `files`, on a pipeline that runs on the embedded emulator. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readMessages, untilRecorded } from '../../local/upload.ts';
import { type Running, startRunning, steady } from './running.ts';

let running: Running;
const BAD = 'in/bad #1.txt';
const GOOD = ['in/a.txt', 'in/b c.txt'];
const fip: Running['fip'] = (...args) => running.fip(...args);

beforeAll(async () => {
  running = await startRunning({
    source: { prefix: 'in/' },
    workflow: { type: 'RecordFile' },
    observability: { alarms: { enabled: true } },
  });
  const { clients, table, partitionKey } = running.pipeline;
  await running.put(...GOOD, 'out/c.txt');
  await untilRecorded(clients, table, partitionKey, GOOD, 60_000);
  await running.break();
  await running.put(BAD);
  await running.untilLetters(1);
});
afterAll(() => running?.stop());

it('status: not well, and why', async () => {
  const { code, stdout, stderr } = await fip('status', 'invoices');
  expect(stderr).toBe('');
  expect(code).toBe(4);
  expect(steady(stdout).split('\n')).toEqual([
    'team-a/invoices  RecordFile, Standard, eu-west-1',
    'Not well:',
    '  1 dead letter in the dead-letter queue',
    'StorageReady    True Available',
    'CodeReady       True Available',
    'WorkflowReady   True Available',
    'TriggerReady    True Available',
    'Alarms          5, 0 ringing',
    'Dead letters    1 waiting, 0 being read',
    'Executions      last hour 3 (2 succeeded, 1 failed, 0 running)',
    '                last day 3 (2 succeeded, 1 failed, 0 running)',
    'Rows            last hour 2; last day 2; 2 in all',
    expect.stringMatching(/^Last row {8}in\/(a|b c)\.txt, TIME$/),
    '',
  ]);
});

it('status, for programs', async () => {
  const { stdout } = await fip('status', '-o', 'json');
  expect(JSON.parse(stdout)).toMatchObject({ name: 'invoices', isWell: false, rows: { day: 2 } });
});

it('files: each one, with its state', async () => {
  const { code, stdout, stderr } = await fip('files', 'invoices');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(steady(stdout).split('\n')).toEqual([
    'recorded    TIME        8 B  in/a.txt',
    'recorded    TIME       10 B  in/b c.txt',
    `failed      TIME       13 B  ${BAD}: DynamoDB.ResourceNotFoundException: Requested resource not found`,
    'never seen  TIME        9 B  out/c.txt: its key does not begin with "in/"',
    '4 files: 2 recorded, 1 failed, 1 never seen',
    '',
  ]);
});

it('files, only some of them, for programs', async () => {
  const keys = async (...options: string[]) =>
    (await fip('files', 'invoices', '-o', 'json', ...options)).stdout
      .split('\n')
      .flatMap((line): string[] => (line === '' ? [] : [JSON.parse(line).key]));
  expect(await keys('--failed')).toEqual([BAD]);
  expect(await keys('--prefix', 'out/')).toEqual(['out/c.txt']);
  expect(await keys('--since', '2999-01-01')).toEqual([]);
});

it('files KEY: the story of a file that failed', async () => {
  const { code, stdout } = await fip('files', 'invoices', BAD);
  expect(code).toBe(4);
  const why = 'DynamoDB.ResourceNotFoundException: Requested resource not found';
  const story = steady(stdout).replaceAll(/[0-9a-f]{64}/g, 'DIGEST');
  expect(story.split('\n')).toEqual([
    `${BAD}: failed: ${why}`,
    'Versions:',
    '  TIME       13 B  ID  latest',
    'Row: none',
    'Executions:',
    `  TIME  FAILED  arn:aws:states:eu-west-1:000000000000:execution:team-a-invoices-workflow-UID:bad-1-txt-DIGEST  ${why}`,
    'Dead letters:',
    `  TIME  of execution  ID  ${why}`,
    'Log:',
    `  TIME  start-workflow    INFO  Execution started  ${BAD}`,
    '',
  ]);
});

it('files KEY: one that was recorded, and one that nobody knows', async () => {
  const recorded = await fip('files', 'invoices', GOOD[1] ?? '', '-o', 'json');
  expect(recorded.code).toBe(0);
  expect(JSON.parse(recorded.stdout)).toMatchObject({
    key: 'in/b c.txt',
    state: 'recorded',
    row: { size: 10 },
    executions: [{ status: 'SUCCEEDED' }],
    letters: [],
  });
  const unknown = await fip('files', 'invoices', 'in/nobody.txt');
  expect(unknown).toMatchObject({
    code: 3,
    stdout: '',
    stderr: expect.stringContaining('in/nobody.txt: not found'),
  });
});

it('a look takes no letter out of the queue', async () => {
  expect(await readMessages(running.pipeline.clients, running.pipeline.deadLetterQueue)).toHaveLength(1);
});
