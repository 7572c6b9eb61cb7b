import type { Context } from 'aws-lambda';
import { createLogger } from '../shared/log.ts';
import { createHandler, type Greeting } from './say-hello.ts';

const logger = createLogger(process.env);
const sayHello = createHandler({ logger });

/** The Lambda entry point, `index.handler`. */
export async function handler(event: unknown, context: Context): Promise<Greeting> {
  logger.addContext(context);
  return sayHello(event);
}
