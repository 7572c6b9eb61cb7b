import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import type { Context, DynamoDBBatchResponse } from 'aws-lambda';
import { clientConfig } from '../shared/client-config.ts';
import { ec2ClientConfig } from '../shared/ec2-client-config.ts';
import { createLogger } from '../shared/log.ts';
import { createHandler } from './launch-instance.ts';

const logger = createLogger(process.env);
const launchInstances = createHandler({
  dynamodb: new DynamoDBClient(clientConfig(process.env)),
  ec2: new EC2Client(ec2ClientConfig(process.env)),
  env: process.env,
  logger,
});

/** The Lambda entry point, `index.handler`. Clients and settings are created once per cold start. */
export async function handler(event: unknown, context: Context): Promise<DynamoDBBatchResponse> {
  logger.addContext(context);
  return await launchInstances(event);
}
