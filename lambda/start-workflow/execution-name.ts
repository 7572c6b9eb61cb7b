import { createHash } from 'node:crypto';
import type { S3Object } from '../shared/s3-event.ts';

const SLUG_CHARS = 15;

/**
 * The name of the execution for one event on one object: a readable part of the key, then the SHA-256 of bucket, key,
 * version and sequencer. It has up to 80 characters of A-Z, a-z, 0-9, `-` and `_`. The same event always gives the same
 * name, and a Standard state machine starts only one execution per name in 90 days.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
export function executionName({
  bucket,
  key,
  versionId,
  sequencer,
}: Pick<S3Object, 'bucket' | 'key' | 'versionId' | 'sequencer'>): string {
  // JSON, so that two different lists of fields never give the same text.
  const digest = createHash('sha256')
    .update(JSON.stringify([bucket, key, versionId, sequencer]))
    .digest('hex');
  const slug = slugOf(key);
  return slug === '' ? digest : `${slug}-${digest}`;
}

/** The readable part of an execution's name, before its digest. Empty where the key has no letters. */
export function slugOf(key: string): string {
  const segment = key.split('/').findLast((part) => part !== '') ?? '';
  return segment
    .replaceAll(/[^A-Za-z0-9_]+/g, '-')
    .replace(/^-/, '')
    .slice(0, SLUG_CHARS)
    .replace(/-$/, '');
}
