/** Requests that are sent again while a service takes no more of them. */
/** What is read of an answer. A `Response` is one. */
export interface Attempt {
  readonly status: number;
  /** The header Retry-After: seconds, or a date. */
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
 * Nothing was done for these, so they may be sent again: API Gateway answers 429 over a stage's rate, S3 503 (SlowDown).
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
const NO_MORE_FOR_NOW = [429, 503];

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;
/** From the first request to the last. */
const PATIENCE_MS = 60_000;

/** What the service asks for, in milliseconds: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
function askedFor(value: string | null | undefined, now: number): number | undefined {
  if (value === null || value === undefined || value.trim() === '') return undefined;
  const seconds = Number(value);
  const milliseconds = Number.isNaN(seconds) ? Date.parse(value) - now : seconds * 1000;
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds);
}

/**
 * Sends a request until it is taken. It waits as long as Retry-After asks, else twice as long each time, half of it by
 * chance, so that those who were refused together do not come again together; ten seconds at most, a minute in all.
 *
 * @returns the first answer that is not a refusal of this kind, or the last one when the minute is over.
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
