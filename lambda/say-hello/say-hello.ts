import { describe, InvalidMessageError } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';

/** The result of the handler: the outcome and the message. */
export interface Greeting {
  readonly outcome: 'Hello';
  readonly message: string;
}

function messageOf(event: unknown): string {
  const message =
    typeof event === 'object' && event !== null && 'message' in event ? event.message : undefined;
  if (typeof message === 'string') return message;
  throw new InvalidMessageError(`message: expected a text, found ${describe(message)}`);
}

/**
 * A handler that logs the message of an execution, its whole input, and the outcome.
 *
 * @throws InvalidMessageError when the input has no string `message`
 */
export function createHandler({ logger }: { readonly logger: Log }) {
  return (event: unknown): Greeting => {
    const message = messageOf(event);
    const greeting: Greeting = { outcome: 'Hello', message };
    logger.info(message, { input: JSON.stringify(event), outcome: greeting.outcome });
    return greeting;
  };
}
