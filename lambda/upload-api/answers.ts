import type { FieldError } from './announcement.ts';

/**
 * A Lambda result that API Gateway turns into an HTTP answer.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An error in an answer. `field` is absent when the error is not about one field. */
export type AnswerError = Pick<FieldError, 'message'> & Partial<FieldError>;

/** An answer in JSON that no cache stores: a state can be out of date after a second. */
export function json(statusCode: number, value: unknown, headers: Record<string, string> = {}): Answer {
  return {
    statusCode,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...headers,
    },
    body: JSON.stringify(value),
  };
}

/** An answer with errors: `{errors: [{field?, message}]}`. */
export function refusal(statusCode: number, ...errors: readonly AnswerError[]): Answer {
  return json(statusCode, { errors });
}
