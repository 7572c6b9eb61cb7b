import { SFNClient } from '@aws-sdk/client-sfn';
import type { Context } from 'aws-lambda';
import { clientConfig } from '../shared/client-config.ts';
import { createLogger } from '../shared/log.ts';
import { createHandler } from './start-workflow.ts';

const logger = createLogger(process.env);
const startWorkflow = createHandler({
  sfn: new SFNClient(clientConfig(process.env)),
  env: process.env,
  logger,
});

/** The Lambda entry point, `index.handler`. Client and settings are created once per cold start. */
export async function handler(event: unknown, context: Context): Promise<void> {
  logger.addContext(context);
  await startWorkflow(event);
}
