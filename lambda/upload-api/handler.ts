import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import html from '../../web/index.html';
import { clientConfig } from '../shared/client-config.ts';
import { createLogger } from '../shared/log.ts';
import type { Answer } from './answers.ts';
import { createObjects } from './objects.ts';
import { type ApiEvent, createHandler } from './upload-api.ts';

const logger = createLogger(process.env);
const config = clientConfig(process.env);
const uploadApi = createHandler({
  dynamodb: new DynamoDBClient(config),
  objects: (bucket) => createObjects(config, bucket),
  html,
  env: process.env,
  logger,
});

/** The Lambda entry point, `index.handler`. Clients and settings are created once per cold start. */
export async function handler(event: ApiEvent, context: Context): Promise<Answer> {
  logger.addContext(context);
  return uploadApi(event);
}
