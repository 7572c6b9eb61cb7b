import type { FieldError } from './announcement.ts';

/**
 * What API Gateway makes an HTTP answer of.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What is wrong; `field` is absent when it is no field's fault. */
export type AnswerError = Pick<FieldError, 'message'> & Partial<FieldError>;

/** An answer in JSON, which nobody keeps: a state that is a second old can be wrong. */
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

/** An answer that says what is wrong: `{errors: [{field?, message}]}`. */
export function refusal(statusCode: number, ...errors: readonly AnswerError[]): Answer {
  return json(statusCode, { errors });
}
