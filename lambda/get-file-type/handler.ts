import { S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { clientConfig } from '../shared/client-config.ts';
import { createLogger } from '../shared/log.ts';
import type { Refused } from '../shared/refusal.ts';
import { createHandler, type FileType } from './get-file-type.ts';

const logger = createLogger(process.env);
const getFileType = createHandler({
  s3: new S3Client(clientConfig(process.env)),
  env: process.env,
  logger,
});

/** The Lambda entry point, `index.handler`. Client and settings are created once per cold start. */
export async function handler(input: unknown, context: Context): Promise<FileType | Refused> {
  logger.addContext(context);
  return getFileType(input);
}
