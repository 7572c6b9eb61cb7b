import { afterEach, describe, expect, it, vi } from 'vitest';
import { claimOf } from '../function/render.ts';
import { eachOf } from '../tools/parallel.ts';
import { createClients } from './aws.ts';
import { withParts } from './parts.ts';
import { type Attempt, type Clock, untilTaken } from './throttled.ts';
import { callApi } from './upload-client.ts';

/** A clock that only waiting moves. It records the waits. */
function fakeClock(random = 0): Clock & { waits: number[] } {
  const waits: number[] = [];
  let time = Date.parse('2026-01-01T00:00:00Z');
  return {
    waits,
    now: () => time,
    wait: async (milliseconds) => {
      waits.push(milliseconds);
      time += milliseconds;
    },
    random: () => random,
  };
}

/** Returns one answer after the other, and then always the last one. */
function answering(...answers: Attempt[]): () => Promise<Attempt> {
  let count = 0;
  return async () => answers[Math.min(count++, answers.length - 1)] ?? { status: 200 };
}

describe('untilTaken', () => {
  it.each<[string, string | undefined, number]>([
    ['seconds', '3', 3000],
    ['none at all', '0', 0],
    ['a date', 'Thu, 01 Jan 2026 00:00:05 GMT', 5000],
    ['a date that is over', 'Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['more than ten seconds', '3600', 10_000],
    ['nonsense', 'soon', 125],
    ['nothing', undefined, 125],
  ])('waits as Retry-After asks: %s', async (_what, retryAfter, wait) => {
    const clock = fakeClock();
    const answer = await untilTaken(answering({ status: 429, retryAfter }, { status: 201 }), clock);
    expect(answer.status).toBe(201);
    expect(clock.waits).toEqual([wait]);
  });

  it('reads the header of a fetch, and takes S3’s 503 for one of these', async () => {
    const clock = fakeClock();
    const busy = new Response('SlowDown', { status: 503, headers: { 'Retry-After': '2' } });
    expect(await untilTaken(answering(busy, { status: 204 }), clock)).toEqual({ status: 204 });
    expect(clock.waits).toEqual([2000]);
  });

  it('waits twice as long each time, up to ten seconds, and gives up within a minute', async () => {
    const clock = fakeClock(1);
    expect(await untilTaken(answering({ status: 429 }), clock)).toEqual({ status: 429 });
    expect(clock.waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000, 10_000]);
  });

  it.each([200, 401, 404, 500])('hands on %d at once', async (status) => {
    const clock = fakeClock();
    expect(await untilTaken(answering({ status }), clock)).toEqual({ status });
    expect(clock.waits).toEqual([]);
  });
});

describe('the upload API', () => {
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('takes 25 files at its rate: 10 a second, 20 at once', async () => {
    vi.useFakeTimers();
    // This is the token bucket of a stage: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
    let tokens = 20;
    let last = Date.now();
    let refused = 0;
    vi.stubGlobal('fetch', async () => {
      tokens = Math.min(20, tokens + (Date.now() - last) / 100);
      last = Date.now();
      if (tokens >= 1) {
        tokens -= 1;
        return new Response('{"id":"1"}', { status: 201 });
      }
      refused += 1;
      return new Response('{"message":"Too Many Requests"}', { status: 429 });
    });
    const claim = claimOf({
      region: 'eu-west-1',
      source: { upload: { authorization: { type: 'None' } } },
      workflow: { type: 'RunScript', runScript: { network: { publicAddress: true } } },
    });
    const clients = createClients({ endpoint: 'http://127.0.0.1:1', region: 'eu-west-1' });
    const parts = withParts({}, claim, { url: 'https://api.example.amazonaws.com', functionNames: [] });
    const statuses: number[] = [];
    const all = eachOf(
      Array.from({ length: 25 }, (_, index) => index),
      4,
      async () => {
        statuses.push((await callApi({ claim, parts, clients }, 'POST', '/uploads', {})).status);
      },
    );
    await vi.runAllTimersAsync();
    await all;
    clients.close();
    expect(statuses).toEqual(Array.from({ length: 25 }, () => 201));
    expect(refused).toBeGreaterThan(0);
  });
});
