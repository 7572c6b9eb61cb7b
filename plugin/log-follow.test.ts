import { describe, expect, it } from 'vitest';
import type { LogLine } from './log.ts';
import { follow, hasKey, merged, readAbout } from './log-follow.ts';
import { awsOf } from './tests/stand-in.ts';

const line = (id: string, timestamp: number, group = 'g'): LogLine => ({ id, timestamp, group, message: id });
async function* linesOf(...lines: readonly LogLine[]) {
  yield* lines;
}
async function idsOf(lines: AsyncIterable<LogLine>): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of lines) ids.push(id);
  return ids;
}

describe('merged', () => {
  it('is in the order of time, and of the sources where times are equal', async () => {
    const sources = [
      linesOf(line('a1', 1), line('a2', 5)),
      linesOf(),
      linesOf(line('b1', 1), line('b2', 2), line('b3', 9)),
    ];
    expect(await idsOf(merged(sources))).toEqual(['a1', 'b1', 'b2', 'a2', 'b3']);
  });
});

describe('follow', () => {
  it('tells each line once, late ones too, and ends when it is stopped', async () => {
    const stop = new AbortController();
    const asked: number[] = [];
    const log = [[line('a', 100_000)], [line('b', 130_000), line('late', 90_000)], [line('c', 131_000)]];
    let round = 0;
    const read = (since: number) => {
      asked.push(since);
      round += 1;
      return linesOf(
        ...log
          .slice(0, round)
          .flat()
          .filter(({ timestamp }) => timestamp >= since),
      );
    };
    const clock = {
      now: () => 0,
      async wait() {
        if (round === log.length) stop.abort();
      },
    };
    expect(await idsOf(follow(read, 50_000, stop.signal, clock))).toEqual(['a', 'b', 'late', 'c']);
    expect(asked).toEqual([50_000, 85_000, 115_000]);
  });
});

describe('hasKey', () => {
  const KEY = 'in/a (1) [x]+$.txt';
  it.each<[string, boolean]>([
    [JSON.stringify({ key: KEY }), true],
    [JSON.stringify({ details: { input: JSON.stringify({ key: KEY }) } }), true],
    [`read ${KEY}`, true],
    [JSON.stringify({ message: `1 of 1 records failed: Records[0] "${KEY}": E` }), true],
    [JSON.stringify({ key: `${KEY}.bak` }), false],
    [JSON.stringify({ key: `more/${KEY}` }), false],
    ['', false],
  ])('%s: %s', (message, expected) => {
    expect(hasKey(KEY)(message)).toBe(expected);
  });

  it('a key that JSON writes otherwise', () => {
    const key = 'a "b"\\c\n';
    expect(hasKey(key)(JSON.stringify({ key }))).toBe(true);
  });
});

describe('readAbout', () => {
  const START = '/aws/lambda/start';
  const MACHINE = '/aws/vendedlogs/states/m';
  const ARN = 'arn:aws:states:eu-west-1:111122223333:execution:m:e';
  const messages: Readonly<Record<string, readonly [number, object][]>> = {
    [START]: [
      [1, { message: 'Execution started', key: 'in/a.txt', execution: ARN }],
      [2, { message: 'Execution started', key: 'in/a.txt.bak', execution: `${ARN}2` }],
    ],
    [MACHINE]: [
      [3, { type: 'ExecutionStarted', execution_arn: ARN }],
      [4, { type: 'ExecutionStarted', execution_arn: `${ARN.slice(0, -1)}other` }],
    ],
  };
  // CloudWatch finds the term; an emulator may give everything.
  const aws = awsOf((_command, { logGroupName }) => ({
    events: (messages[String(logGroupName)] ?? []).map(([timestamp, message]) => ({
      timestamp,
      eventId: `e${timestamp}`,
      message: JSON.stringify(message),
    })),
  }));

  it('has the lines with the key, and those of its execution', async () => {
    const read = readAbout(aws, { logGroups: [START, MACHINE], functions: ['start'] }, 'in/a.txt');
    expect(await idsOf(read(0))).toEqual(['e1', 'e3']);
  });
});
