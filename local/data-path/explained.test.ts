import { expect, it } from 'vitest';
import { claimOf } from '../../function/render.ts';
import { createClients } from '../aws.ts';
import { withParts } from '../parts.ts';
import type { DataPath, Moved } from './data-path.ts';
import { explained } from './explained.ts';

const ARN = 'arn:aws:states:eu-west-1:000000000000:execution:m:one';
const MOVED: Moved = { sent: '1 file', recorded: 1, items: [], columns: [], notes: [] };

/** A pipeline with stand-ins for AWS that return these answers, by command, and nothing for other commands. */
function given(answers: Record<string, () => object>) {
  const clients = createClients({ endpoint: 'http://127.0.0.1:1', region: 'eu-west-1' });
  const answer =
    (_next: unknown, { commandName = '' }: { commandName?: string }) =>
    async () => ({ output: { $metadata: {}, ...answers[commandName]?.() }, response: {} });
  clients.sfn.middlewareStack.add(answer, { step: 'initialize' });
  clients.sqs.middlewareStack.add(answer, { step: 'initialize' });
  clients.logs.middlewareStack.add(answer, { step: 'initialize' });
  const claim = claimOf({ region: 'eu-west-1', workflow: { type: 'RecordFile' } });
  const stateMachine = 'arn:aws:states:eu-west-1:000000000000:stateMachine:m';
  const parts = withParts({}, claim, { functionNames: [], stateMachine, deadLetterQueue: 'http://q' });
  return { claim, parts, clients, files: [] };
}

const pathOf = (move: () => Promise<Moved>): DataPath =>
  explained({ files: '', opens: () => [], first: async () => undefined, move });

/** Executions that fail while files are sent. There are none before. */
function failing() {
  let asked = 0;
  return {
    ListExecutionsCommand: () => ({
      executions: asked++ === 0 ? [] : [{ executionArn: ARN, status: 'FAILED' }],
    }),
    DescribeExecutionCommand: () => ({ status: 'FAILED', error: 'E', cause: 'c' }),
  };
}

it('hands on what came out', async () => {
  const path = pathOf(async () => MOVED);
  expect(await path.move(given({}), () => undefined)).toEqual(MOVED);
});

it('does not call it well when an execution failed, though all items are there', async () => {
  const path = pathOf(async () => MOVED);
  await expect(path.move(given(failing()), () => undefined)).rejects.toThrow(
    `all items are there, but not every execution succeeded\nWhat failed:\n  1 × execution FAILED: E: c\n      ${ARN}`,
  );
});

it('does not call it well when the dead-letter queue has something', async () => {
  const path = pathOf(async () => MOVED);
  const answers = { ReceiveMessageCommand: () => ({ Messages: [{ MessageId: 'm', Body: 'lost' }] }) };
  await expect(path.move(given(answers), () => undefined)).rejects.toThrow(
    'the dead-letter queue is not empty\nWhat failed:\n  1 × dead letter: lost',
  );
});

it('leaves out what had failed before', async () => {
  const path = pathOf(async () => MOVED);
  const answers = {
    ListExecutionsCommand: () => ({ executions: [{ executionArn: ARN, status: 'FAILED' }] }),
  };
  expect(await path.move(given(answers), () => undefined)).toEqual(MOVED);
});

it('does not wait for what will never come, and tells the dead letters', async () => {
  const path = pathOf(() => new Promise(() => undefined));
  const Messages = [{ Body: '{"execution":"arn:1","input":{"key":"a"},"error":{"Error":"E","Cause":"c"}}' }];
  const answers = { ReceiveMessageCommand: () => ({ Messages }) };
  await expect(path.move(given(answers), () => undefined)).rejects.toThrow(
    'not everything that was sent went through\nWhat failed:\n  1 × dead letter: E: c\n      a, arn:1',
  );
});

it('says nothing twice', async () => {
  const path = pathOf(async () => {
    throw new Error('the execution of a.json FAILED: E: c');
  });
  const error = await path.move(given(failing()), () => undefined).catch((caught: unknown) => caught);
  expect(error).toEqual(new Error('the execution of a.json FAILED: E: c'));
});

it('explains the first thing too, and hides nothing when nobody answers', async () => {
  const path = explained({
    files: '',
    opens: () => [],
    move: async () => MOVED,
    first: async () => {
      throw new Error('no item after 90 s');
    },
  });
  const gone = () => {
    throw new Error('gone');
  };
  const answers = { ReceiveMessageCommand: gone, DescribeExecutionCommand: gone };
  await expect(path.first(given(answers))).rejects.toThrow('no item after 90 s');
});
