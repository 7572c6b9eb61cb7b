/** Messages into an execution, and what becomes of those that cannot be recorded. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readClaim } from '../../function/render.ts';
import { executeAll } from '../data-path/executions.ts';
import { type Pipeline, startPipeline } from '../pipeline.ts';
import { readItems, readMessages } from '../upload.ts';

let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await startPipeline(readClaim('record-message/claim.yaml'), { waitScale: 0.01 });
});
afterAll(() => pipeline?.stop());

const execute = async (...inputs: unknown[]) => {
  const files = inputs.map((input, index) => ({
    key: String(index),
    body: Buffer.from(JSON.stringify(input)),
  }));
  const given = { claim: pipeline.composite, parts: pipeline, clients: pipeline.clients, files };
  return executeAll(given);
};

describe('a message', () => {
  it('is a row with a UUID and a time, and is logged with its input and outcome', async () => {
    const message = 'Hello step function';
    const [ended] = await execute({ message, from: 'a test' });
    expect(ended).toMatchObject({ status: 'SUCCEEDED' });
    const [item, ...more] = await readItems(pipeline.clients, pipeline.table);
    expect(more).toEqual([]);
    expect(item).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/),
      Timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      Message: message,
    });
    const { events = [] } = await pipeline.clients.logs.filterLogEvents({
      logGroupName: `/aws/lambda/${pipeline.functionName}`,
    });
    const lines = events.map((event) => event.message ?? '').filter((line) => line.includes(message));
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]?.slice(lines[0].indexOf('{')) ?? '')).toMatchObject({
      message,
      input: JSON.stringify({ message, from: 'a test' }),
      outcome: 'Hello',
    });
  });

  it('sent twice is two rows', async () => {
    await execute({ message: 'again' }, { message: 'again' });
    const items = await readItems(pipeline.clients, pipeline.table);
    const ids = items.filter(({ Message }) => Message === 'again').map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
  });
});

describe('an input that is none', () => {
  it('fails by name, writes no row and no dead letter: who started it is told', async () => {
    const before = await readItems(pipeline.clients, pipeline.table);
    const ended = await execute(
      {},
      { message: 7 },
      { message: null },
      { message: ['x'] },
      { Message: 'x' },
      [],
    );
    const named = { status: 'FAILED', error: 'InvalidMessage' };
    expect(ended).toMatchObject(ended.map(() => named));
    expect(ended[0]?.cause).toBe(
      'The input has no text called message. Start the execution with {"message": "some text"}.',
    );
    expect(await readItems(pipeline.clients, pipeline.table)).toHaveLength(before.length);
    expect(await readMessages(pipeline.clients, pipeline.deadLetterQueue)).toEqual([]);
  });
});

describe('what fails for good is a dead letter with its input, and the execution fails', () => {
  const lettersOf = async (message: string) => {
    const all = await readMessages(pipeline.clients, pipeline.deadLetterQueue);
    return all.map(({ Body }) => JSON.parse(Body ?? '')).filter(({ input }) => input.message === message);
  };

  it('the table is gone', async () => {
    await pipeline.clients.dynamodb.deleteTable({ TableName: pipeline.table });
    const [ended] = await execute({ message: 'no table' });
    expect(ended).toMatchObject({ status: 'FAILED', error: expect.stringContaining('ResourceNotFound') });
    expect(await lettersOf('no table')).toMatchObject([{ input: { message: 'no table' } }]);
  });

  // The function comes before the table, so its absence is the error, although the table is gone too.
  it('the function is gone', async () => {
    await pipeline.clients.lambda.deleteFunction({ FunctionName: pipeline.functionName });
    const [ended] = await execute({ message: 'no function' });
    expect(ended?.status).toBe('FAILED');
    expect(await lettersOf('no function')).toEqual([
      { execution: expect.any(String), input: { message: 'no function' }, error: expect.any(Object) },
    ]);
  });
});
