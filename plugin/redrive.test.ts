import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { claimOf } from '../function/render.ts';
import { redriveName } from './again.ts';
import { type Redriven, redriveLetters, type Wanted } from './redrive.ts';
import { targetOf } from './target.ts';
import { awsOf } from './tests/stand-in.ts';

const ARN = 'arn:aws:states:eu-west-1:111122223333';
const OWN = 'function-of-ours';
const target = targetOf({
  ...claimOf({ region: 'eu-west-1', workflow: { type: 'RecordFile' } }),
  status: {
    stateMachine: `${ARN}:stateMachine:m`,
    deadLetterQueue: 'https://sqs/dead',
    functions: [{ name: OWN }],
  },
});
const BEGAN = new Date(5000);
const all: Wanted = { isChosen: () => true, began: BEGAN, isDryRun: false, rate: 1000 };
const clock = { now: () => 0, wait: async () => {} };

const executionLetter = (key: string) => ({ execution: `${ARN}:execution:m:x`, input: { key } });
const functionLetter = (key: string) => ({
  requestPayload: { key },
  requestContext: { functionArn: `arn:aws:lambda:eu-west-1:111122223333:function:${OWN}:$LATEST` },
});

class Killed extends Error {}

/** A queue, a state machine and a function. Executions have names, and a name starts one. */
function world(bodies: readonly object[], refuses: (key: string) => boolean = () => false) {
  const queue = new Map(
    bodies.map((body, index) => [`m${index}`, { body: JSON.stringify(body), hidden: false }]),
  );
  const executions = new Map<string, string>();
  const events: string[] = [];
  let calls = 0;
  let most = Number.POSITIVE_INFINITY;
  const list = (value: unknown): readonly { Id: string; ReceiptHandle: string }[] =>
    Array.isArray(value) ? value : [];
  const aws = awsOf((command, input) => {
    calls += 1;
    if (calls > most) throw new Killed('killed');
    if (command === 'ReceiveMessageCommand') {
      const found = [...queue].filter(([, { hidden }]) => !hidden).slice(0, 10);
      for (const [, message] of found) message.hidden = true;
      return {
        Messages: found.map(([id, { body }]) => ({
          MessageId: id,
          ReceiptHandle: id,
          Body: body,
          MD5OfBody: createHash('md5').update(body).digest('hex'),
          Attributes: { SentTimestamp: '1000' },
        })),
      };
    }
    if (command === 'StartExecutionCommand') {
      const [name, text] = [String(input['name']), String(input['input'])];
      const { key } = JSON.parse(text);
      if (refuses(key)) throw Object.assign(new Error('no'), { name: 'ValidationException' });
      if (executions.has(name)) throw Object.assign(new Error('twice'), { name: 'ExecutionAlreadyExists' });
      executions.set(name, key);
      return { executionArn: `${ARN}:execution:m:${name}` };
    }
    if (command === 'InvokeCommand') {
      const { key } = JSON.parse(String(input['Payload']));
      events.push(key);
      return refuses(key)
        ? { FunctionError: 'Unhandled', Payload: Buffer.from('{"errorType":"E","errorMessage":"no"}') }
        : {};
    }
    const entries = list(input['Entries']);
    for (const { ReceiptHandle } of entries) {
      if (command === 'DeleteMessageBatchCommand') queue.delete(ReceiptHandle);
      const message = queue.get(ReceiptHandle);
      if (message) message.hidden = false;
    }
    return { Successful: entries.map(({ Id }) => ({ Id })), Failed: [] };
  });
  return {
    aws,
    queue,
    executed: () => [...executions.values()].sort(),
    invoked: () => [...events].sort(),
    calls: () => calls,
    /** The process ends when it makes one call more than so many. */
    killAfter(more: number) {
      most = calls + more;
    },
    /** What SQS does when a letter was hidden for its time. */
    reveal() {
      for (const message of queue.values()) message.hidden = false;
    },
  };
}

async function redriveAll(
  { aws }: ReturnType<typeof world>,
  wanted: Wanted = all,
  stop = new AbortController(),
  tell: (done: Redriven) => void = () => {},
) {
  const told: string[] = [];
  const late = await redriveLetters(
    aws,
    target,
    wanted,
    async (done) => {
      told.push([done.letter.id, done.outcome, done.to, done.why].filter(Boolean).join(' '));
      tell(done);
    },
    stop.signal,
    clock,
  );
  return { told: told.sort(), late };
}

describe('redriveLetters', () => {
  it('sends each the way it came, and deletes what was accepted', async () => {
    const here = world([executionLetter('a'), functionLetter('b'), { hello: 1 }]);
    const { told } = await redriveAll(here);
    expect(told).toEqual([
      'm0 sent state machine',
      `m1 sent ${OWN}`,
      'm2 stays it has no event and no input that this pipeline could take',
    ]);
    expect([here.executed(), here.invoked()]).toEqual([['a'], ['b']]);
    expect([...here.queue.entries()].map(([id, { hidden }]) => [id, hidden])).toEqual([['m2', false]]);
  });

  it('leaves what was not accepted', async () => {
    const here = world(
      [executionLetter('a'), functionLetter('b'), executionLetter('c')],
      (key) => key !== 'c',
    );
    const { told } = await redriveAll(here);
    expect(told).toEqual([
      'm0 stays state machine ValidationException: no',
      `m1 stays ${OWN} ${OWN} failed again: E: no`,
      'm2 sent state machine',
    ]);
    expect([...here.queue.keys()]).toEqual(['m0', 'm1']);
  });

  it('sends nothing in a dry run, and nothing that was not chosen', async () => {
    const here = world([executionLetter('a'), functionLetter('b')]);
    const { told } = await redriveAll(here, { ...all, isDryRun: true });
    expect(told).toEqual(['m0 would go state machine', `m1 would go ${OWN}`]);
    expect(here.queue.size).toBe(2);
    await redriveAll(here, { ...all, isChosen: ({ id }) => id === 'm1' });
    expect([here.executed(), here.invoked(), [...here.queue.keys()]]).toEqual([[], ['b'], ['m0']]);
  });

  it('leaves letters that came since it began', async () => {
    const here = world([executionLetter('a')]);
    expect(await redriveAll(here, { ...all, began: new Date(999) })).toEqual({ told: [], late: 1 });
    expect(here.queue.size).toBe(1);
  });

  it('leaves the letter of an execution that it has started itself, whatever the clocks say', async () => {
    const keys = Array.from({ length: 10 }, (_, index) => `k${index}`);
    const execution = `${ARN}:execution:m:${redriveName('m0', { key: 'k0' })}`;
    const here = world([...keys.map(executionLetter), { execution, input: { key: 'k0' } }]);
    const { late } = await redriveAll(here);
    expect(late).toBe(1);
    expect(here.executed()).toEqual(keys);
    expect([...here.queue.keys()]).toEqual(['m10']);
  });

  it('stopped in between, it puts back what it has not sent', async () => {
    const here = world(Array.from({ length: 25 }, (_, index) => executionLetter(`k${index}`)));
    const stop = new AbortController();
    await redriveAll(here, all, stop, () => stop.abort());
    expect(here.executed().length).toBeLessThan(25);
    expect(here.executed().length + here.queue.size).toBe(25);
    expect([...here.queue.values()].some(({ hidden }) => hidden)).toBe(false);
  });

  // Each call to AWS is a moment at which the process may end.
  it('killed at any moment, nothing is lost and no execution runs twice', async () => {
    const letters = [
      ...Array.from({ length: 12 }, (_, index) => executionLetter(`k${index}`)),
      functionLetter('f'),
    ];
    const keys = Array.from({ length: 12 }, (_, index) => `k${index}`).sort();
    const whole = world(letters);
    await redriveAll(whole);
    for (let moment = 1; moment < whole.calls(); moment += 1) {
      const here = world(letters);
      here.killAfter(moment);
      await expect(redriveAll(here), `killed after ${moment} calls`).rejects.toThrow('killed');
      const lost = keys.filter(
        (key) =>
          !here.executed().includes(key) &&
          ![...here.queue.values()].some(({ body }) => body.includes(`"${key}"`)),
      );
      expect(lost, `lost after ${moment} calls`).toEqual([]);
      here.killAfter(Number.POSITIVE_INFINITY);
      here.reveal();
      await redriveAll(here);
      expect(here.executed(), `killed after ${moment} calls`).toEqual(keys);
      // The function itself tells an event that it has handled.
      expect(new Set(here.invoked())).toEqual(new Set(['f']));
      expect(here.queue.size).toBe(0);
    }
  });
});
