import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import type { Context } from 'aws-lambda';
import { clientConfig } from '../shared/client-config.ts';
import { ec2ClientConfig } from '../shared/ec2-client-config.ts';
import { createLogger } from '../shared/log.ts';
import { createHandler, type SweepReport } from './sweep-instances.ts';

const logger = createLogger(process.env);
const sweep = createHandler({
  dynamodb: new DynamoDBClient(clientConfig(process.env)),
  ec2: new EC2Client(ec2ClientConfig(process.env)),
  env: process.env,
  logger,
});

/** The Lambda entry point, `index.handler`. Clients and settings are created once per cold start. */
export async function handler(_event: unknown, context: Context): Promise<SweepReport> {
  logger.addContext(context);
  return await sweep();
}
