/** `logs`, on a pipeline that runs on the embedded emulator. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stateMachineLogGroup } from '../../function/src/names.ts';
import { executionNames } from '../../local/pipeline.ts';
import { untilRecorded } from '../../local/upload.ts';
import { type Running, startRunning, steady } from './running.ts';

let running: Running;
let execution: string;
const FIRST = 'in/a.txt';
const fip: Running['fip'] = (...args) => running.fip(...args);
const STARTED = 'TIME  start-workflow    INFO  Execution started  ';

async function send(key: string) {
  const { clients, table, partitionKey } = running.pipeline;
  await running.put(key);
  await untilRecorded(clients, table, partitionKey, [key], 60_000);
}

beforeAll(async () => {
  running = await startRunning({ source: { prefix: 'in/' }, workflow: { type: 'RecordFile' } });
  await send(FIRST);
  const { clients, stateMachine = '' } = running.pipeline;
  const [name] = await executionNames(running.pipeline);
  execution = `${stateMachine.replace(':stateMachine:', ':execution:')}:${name}`;
  // The emulator writes no log of state machines: this is a line as Step Functions has it.
  const logGroupName = stateMachineLogGroup(stateMachine.split(':')[6] ?? '');
  const line = { type: 'ExecutionFailed', execution_arn: execution, details: { error: 'E', cause: 'why' } };
  await clients.logs.createLogStream({ logGroupName, logStreamName: 'states' });
  await clients.logs.putLogEvents({
    logGroupName,
    logStreamName: 'states',
    logEvents: [{ timestamp: Date.now(), message: JSON.stringify(line) }],
  });
  await send('in/b.txt');
});
afterAll(() => running?.stop());

it('has the lines of all logs, in the order of time', async () => {
  const { code, stdout, stderr } = await fip('logs', 'invoices');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const lines = steady(stdout.replace(execution, 'EXECUTION')).split('\n');
  expect(lines.filter((line) => /INFO|ERROR/.test(line))).toEqual([
    `${STARTED}${FIRST}`,
    'TIME  state machine     ERROR ExecutionFailed  E: why  EXECUTION',
    `${STARTED}in/b.txt`,
  ]);
});

it('--key: its own lines, and those of its execution', async () => {
  const { stdout } = await fip('logs', 'invoices', '--key', FIRST);
  expect(steady(stdout.replace(execution, 'EXECUTION')).split('\n')).toEqual([
    `${STARTED}${FIRST}`,
    'TIME  state machine     ERROR ExecutionFailed  E: why  EXECUTION',
    '',
  ]);
});

it('--since, for programs', async () => {
  expect((await fip('logs', 'invoices', '--since', '2999-01-01')).stdout).toBe('');
  const { stdout } = await fip('logs', 'invoices', '--key', FIRST, '-o', 'json');
  const [first] = stdout.split('\n');
  expect(JSON.parse(first ?? '')).toMatchObject({
    source: 'start-workflow',
    level: 'INFO',
    text: `Execution started  ${FIRST}`,
  });
});

it('--follow: goes on with what comes, and ends with Ctrl-C', async () => {
  let isSent = false;
  const { code, stdout } = await running.watched(['logs', 'invoices', '--follow'], (seen, kill) => {
    if (!isSent && seen.includes(FIRST)) {
      isSent = true;
      void running.put('in/later.txt');
    }
    if (seen.includes('in/later.txt')) kill('SIGTERM');
  });
  expect(code).toBe(0);
  expect(
    steady(stdout)
      .split('\n')
      .filter((line) => line.startsWith(STARTED)),
  ).toEqual([FIRST, 'in/b.txt', 'in/later.txt'].map((key) => `${STARTED}${key}`));
});
