/** Repeats requests while a service throttles them. */
/** The part of an answer that is read. A `Response` is one. */
export interface Attempt {
  readonly status: number;
  /** The header Retry-After: seconds or a date. */
  readonly retryAfter?: string | undefined;
  readonly headers?: { get(name: string): string | null } | undefined;
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  wait(milliseconds: number): Promise<unknown>;
  /** From 0 to 1. */
  random(): number;
}

const REAL: Clock = {
  now: () => Date.now(),
  wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  random: Math.random,
};

/**
 * The status codes of requests that were not processed and can be repeated. API Gateway answers 429 above a stage's rate, S3
 * answers 503 (SlowDown).
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
const NO_MORE_FOR_NOW = [429, 503];

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;
/** The maximum time from the first request to the last. */
const PATIENCE_MS = 60_000;

/** The wait that the service asks for, in milliseconds: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
function askedFor(value: string | null | undefined, now: number): number | undefined {
  if (value === null || value === undefined || value.trim() === '') return undefined;
  const seconds = Number(value);
  const milliseconds = Number.isNaN(seconds) ? Date.parse(value) - now : seconds * 1000;
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds);
}

/**
 * Repeats a request until the service does not throttle it. It waits as long as Retry-After says. Without that header the wait
 * doubles each time, and half of it is random, so that clients do not all retry at the same time. A wait is at most ten seconds,
 * and all tries together take at most a minute.
 *
 * @returns the first answer that is not throttled, or the last answer after a minute
 */
export async function untilTaken<T extends Attempt>(send: () => Promise<T>, clock: Clock = REAL): Promise<T> {
  const end = clock.now() + PATIENCE_MS;
  for (let longest = FIRST_WAIT_MS; ; longest *= 2) {
    const answer = await send();
    if (!NO_MORE_FOR_NOW.includes(answer.status)) return answer;
    const asked = askedFor(answer.retryAfter ?? answer.headers?.get('retry-after'), clock.now());
    const wait = Math.min(asked ?? (longest / 2) * (1 + clock.random()), LONGEST_WAIT_MS);
    if (clock.now() + wait > end) return answer;
    await clock.wait(wait);
  }
}
