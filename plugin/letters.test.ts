import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { letterOf, withLetters } from './letters.ts';
import { awsOf } from './tests/stand-in.ts';

function message(id: string, content: unknown = { input: { key: id }, error: { Error: 'E' } }) {
  const Body = typeof content === 'string' ? content : JSON.stringify(content);
  return {
    MessageId: id,
    ReceiptHandle: `receipt of ${id}`,
    Body,
    MD5OfBody: createHash('md5').update(Body).digest('hex'),
    Attributes: { SentTimestamp: '1000' },
  };
}

/** A queue that answers with these messages, a batch at a time, and notes what is done to them. */
function queue(...batches: readonly (readonly object[])[]) {
  const done: string[] = [];
  const left = [...batches];
  const aws = awsOf((command, { Entries, VisibilityTimeout }) => {
    if (command === 'ReceiveMessageCommand') {
      expect(VisibilityTimeout).toBe(120);
      return { Messages: left.shift() ?? [] };
    }
    const entries: readonly { Id: string; ReceiptHandle: string; VisibilityTimeout?: number }[] =
      Array.isArray(Entries) ? Entries : [];
    done.push(
      ...entries.map((entry) => `${command} ${entry.ReceiptHandle} ${entry.VisibilityTimeout ?? ''}`.trim()),
    );
    return { Successful: entries.map(({ Id }) => ({ Id })), Failed: [] };
  });
  return { aws, done };
}

describe('withLetters', () => {
  it('reads each letter once, and puts all of them back', async () => {
    const { aws, done } = queue([message('a'), message('b')], [message('a')]);
    const ids = await withLetters(aws, 'http://q/dead', async ({ letters }) => {
      const found: string[] = [];
      for await (const { id } of letters) found.push(id);
      expect(done).toEqual([]);
      return found;
    });
    expect(ids).toEqual(['a', 'b']);
    expect(done).toEqual([
      'ChangeMessageVisibilityBatchCommand receipt of a 0',
      'ChangeMessageVisibilityBatchCommand receipt of b 0',
    ]);
  });

  it('puts back what was read before an error, with what came in the same batch', async () => {
    const { aws, done } = queue([message('a'), message('b')]);
    const failing = withLetters(aws, 'http://q/dead', async ({ letters }) => {
      await letters.next();
      throw new Error('stop');
    });
    await expect(failing).rejects.toThrow('stop');
    expect(done).toEqual([
      'ChangeMessageVisibilityBatchCommand receipt of a 0',
      'ChangeMessageVisibilityBatchCommand receipt of b 0',
    ]);
  });

  it('reads no more once it is stopped', async () => {
    const { aws, done } = queue([message('a')], [message('b')]);
    const stop = new AbortController();
    const ids = await withLetters(
      aws,
      'http://q/dead',
      async ({ letters }) => {
        const found: string[] = [];
        for await (const { id } of letters) {
          found.push(id);
          stop.abort();
        }
        return found;
      },
      stop.signal,
    );
    expect(ids).toEqual(['a']);
    expect(done).toEqual(['ChangeMessageVisibilityBatchCommand receipt of a 0']);
  });

  it('ends where a queue only gives what was seen before', async () => {
    const again = Array.from({ length: 500 }, () => [message('a')]);
    const { aws } = queue(...again);
    const ids = await withLetters(aws, 'http://q/dead', async ({ letters }) => {
      const found: string[] = [];
      for await (const { id } of letters) found.push(id);
      return found;
    });
    expect(ids).toEqual(['a']);
  });

  it('deletes what it is told to, ten at a time, and puts back the others', async () => {
    const all = Array.from({ length: 12 }, (_, index) => message(`m${index}`));
    const { aws, done } = queue(all);
    const removed = await withLetters(aws, 'http://q/dead', async ({ letters, remove }) => {
      const found = [];
      for await (const letter of letters) found.push(letter);
      return remove(found.slice(1));
    });
    expect(removed).toBe(11);
    expect(done.filter((one) => one.startsWith('Delete'))).toHaveLength(11);
    expect(done.slice(11)).toEqual(['ChangeMessageVisibilityBatchCommand receipt of m0 0']);
  });
});

describe('letterOf', () => {
  it.each<[string, unknown, object]>([
    [
      'a failed execution',
      {
        execution: 'arn:e',
        input: { key: 'a b', versionId: 'v' },
        error: { Error: 'E', Cause: '{"errorMessage":"why"}' },
      },
      { by: 'execution', objects: [{ key: 'a b', versionId: 'v' }], why: 'E: why', execution: 'arn:e' },
    ],
    [
      'a failed event',
      {
        requestPayload: {
          Records: [{ s3: { object: { key: 'a+b', versionId: 'v' } } }, { s3: { object: { key: 'c' } } }],
        },
        responsePayload: { errorType: 'E', errorMessage: 'why' },
      },
      {
        by: 'function',
        objects: [
          { key: 'a b', versionId: 'v' },
          { key: 'c', versionId: 'null' },
        ],
        why: 'E: why',
      },
    ],
    [
      'an event of EventBridge',
      { detail: { object: { key: 'a+b', 'version-id': 'v' } } },
      { by: 'EventBridge', objects: [{ key: 'a+b', versionId: 'v' }], why: 'without an error' },
    ],
    ['any other message', 'hello', { by: 'other', objects: [], body: 'hello' }],
  ])('%s', (_what, body, expected) => {
    expect(letterOf(message('m', body))).toMatchObject({ id: 'm', time: new Date(1000), ...expected });
  });
});
