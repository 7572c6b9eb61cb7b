import { S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { clientConfig } from '../shared/client-config.ts';
import { createLogger } from '../shared/log.ts';
import type { Refused } from '../shared/refusal.ts';
import { loadSharp } from './load-sharp.ts';
import { createHandler, type ResizedImage } from './resize-image.ts';

const logger = createLogger(process.env);
const resizeImage = createHandler({
  s3: new S3Client(clientConfig(process.env)),
  sharp: loadSharp(),
  env: process.env,
  logger,
});

/** The Lambda entry point, `index.handler`. Client, sharp and settings are created once per cold start. */
export async function handler(input: unknown, context: Context): Promise<ResizedImage | Refused> {
  logger.addContext(context);
  return resizeImage(input, context.getRemainingTimeInMillis());
}
