import { describe, expect, it } from 'vitest';
import { claimOf } from '../function/render.ts';
import { type Run, redriveName, runOf, sendAgain } from './again.ts';
import { targetOf } from './target.ts';
import { awsOf } from './tests/stand-in.ts';

const REGION = 'arn:aws:lambda:eu-west-1:111122223333';
const STATE_MACHINE = 'arn:aws:states:eu-west-1:111122223333:stateMachine:team-a-invoices-workflow-0f1e2d3c';
const START = 'team-a-invoices-start-workflow-0f1e2d3c';

const targetWith = (execution: string, stateMachine: string | undefined = STATE_MACHINE) =>
  targetOf({
    ...claimOf({ region: 'eu-west-1', workflow: { type: 'RecordFile', execution } }),
    status: {
      functions: [{ name: START, arn: `${REGION}:function:${START}` }],
      ...(stateMachine && { stateMachine }),
    },
  });
const standard = targetWith('Standard');
const letter = (body: unknown) => ({
  id: 'm1',
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const EVENT = { Records: [{ s3: { object: { key: 'a' } } }] };
const of = (name: string) =>
  STATE_MACHINE.replace('stateMachine', 'execution').replace(/[^:]+$/, `${name}:run`);
const OWN = STATE_MACHINE.split(':')[6] ?? '';

describe('runOf', () => {
  it('an execution starts again with its input, under a name that follows from the letter', () => {
    const input = { key: 'in/annual report 2026.csv', versionId: 'v' };
    const name = redriveName('m1', input);
    expect(name).toMatch(/^annual-report-2-[0-9a-f]{64}$/);
    expect(redriveName('m2', input)).not.toBe(name);
    expect(redriveName('m1', { message: 'hello' })).toMatch(/^[0-9a-f]{64}$/);
    const run: Run = {
      kind: 'execution',
      stateMachine: STATE_MACHINE,
      name,
      input: JSON.stringify(input),
    };
    const failed = letter({ execution: of(OWN), input, error: { Error: 'E' } });
    expect(runOf(failed, standard)).toEqual(run);
    expect(runOf(failed, targetWith('Express'))).toEqual({ ...run, name: undefined });
  });

  it.each([
    [
      'an event goes to its function',
      { requestPayload: EVENT, requestContext: { functionArn: `${REGION}:function:${START}:$LATEST` } },
    ],
    ['an event of no function goes to the one that uploads invoke', { requestPayload: EVENT }],
    ['an event of EventBridge goes there too', { ...EVENT, detail: {} }],
  ])('%s', (_what, body) => {
    const event = 'detail' in body ? body : EVENT;
    expect(runOf(letter(body), standard)).toEqual({
      kind: 'function',
      name: START,
      payload: JSON.stringify(event),
    });
  });

  it.each([
    ['hello', 'it has no event and no input that this pipeline could take'],
    [{ requestPayload: 'text' }, 'it has no event and no input that this pipeline could take'],
    [
      { requestPayload: EVENT, requestContext: { functionArn: `${REGION}:function:pay-out:$LATEST` } },
      "it is of the function pay-out, which is not this pipeline's",
    ],
    [
      { execution: of('pay-out'), input: {} },
      "it is of the state machine pay-out, which is not this pipeline's",
    ],
  ])('%j: %s', (body, why) => {
    expect(runOf(letter(body), standard)).toEqual({ kind: 'none', why });
  });

  it('an input without a state machine, and an event that nothing takes', () => {
    const direct = targetOf(claimOf({ region: 'eu-west-1', workflow: { type: 'RecordFile' } }));
    expect(runOf(letter({ input: {} }), direct)).toEqual({
      kind: 'none',
      why: 'this pipeline has no state machine',
    });
    const messages = targetOf(claimOf({ region: 'eu-west-1', workflow: { type: 'RecordMessage' } }));
    expect(runOf(letter({ requestPayload: EVENT }), messages)).toEqual({
      kind: 'none',
      why: 'it is an event, and this pipeline takes none',
    });
  });
});

describe('sendAgain', () => {
  const execution: Run = { kind: 'execution', stateMachine: STATE_MACHINE, name: 'n', input: '{}' };
  const invocation: Run = { kind: 'function', name: START, payload: '{}' };
  const fault = (name: string) => () => {
    throw Object.assign(new Error('x'), { name });
  };

  it('an accepted run', async () => {
    const inputs: object[] = [];
    const aws = awsOf((_command, input) => {
      inputs.push(input);
      return { executionArn: 'arn:e' };
    });
    expect(await sendAgain(aws, execution)).toEqual({ outcome: 'sent', execution: 'arn:e' });
    expect(await sendAgain(aws, invocation)).toEqual({ outcome: 'sent' });
    expect(inputs).toEqual([
      { stateMachineArn: STATE_MACHINE, name: 'n', input: '{}' },
      { FunctionName: START, Payload: '{}' },
    ]);
  });

  it('one that was started before, as by a command that was killed', async () => {
    const aws = awsOf(fault('ExecutionAlreadyExists'));
    expect(await sendAgain(aws, execution)).toEqual({ outcome: 'sent before' });
  });

  it('a function that fails again', async () => {
    const Payload = Buffer.from('{"errorType":"E","errorMessage":"why"}');
    const aws = awsOf(() => ({ FunctionError: 'Unhandled', Payload }));
    expect(await sendAgain(aws, invocation)).toEqual({
      outcome: 'stays',
      why: `${START} failed again: E: why`,
    });
  });

  it('what is wrong with one letter only, and what every letter would meet', async () => {
    expect(await sendAgain(awsOf(fault('InvalidExecutionInput')), execution)).toEqual({
      outcome: 'stays',
      why: 'InvalidExecutionInput: x',
    });
    for (const name of ['AccessDeniedException', 'StateMachineDoesNotExist', 'ExpiredTokenException'])
      await expect(sendAgain(awsOf(fault(name)), execution)).rejects.toThrow('x');
  });
});
