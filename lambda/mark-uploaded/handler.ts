import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import { clientConfig } from '../shared/client-config.ts';
import { createLogger } from '../shared/log.ts';
import { createHandler } from './mark-uploaded.ts';

const logger = createLogger(process.env);
const dynamodb = new DynamoDBClient(clientConfig(process.env));
const markUploaded = createHandler({ dynamodb, env: process.env, logger });

/** The Lambda entry point, `index.handler`. Client and settings are created once per cold start. */
export async function handler(event: unknown, context: Context): Promise<void> {
  logger.addContext(context);
  await markUploaded(event);
}
