import { createHash } from 'node:crypto';
import type { S3Object } from '../shared/s3-event.ts';

const SLUG_CHARS = 15;

/**
 * The name of the execution that one event on one object starts: a readable piece of the key, then the SHA-256 of
 * bucket, key, version and sequencer. At most 80 characters of A-Z, a-z, 0-9, `-` and `_`. The same event always has
 * the same name, and Step Functions starts a name of a Standard state machine once in 90 days.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
export function executionName({ bucket, key, versionId, sequencer }: S3Object): string {
  // As JSON, so that no two different lists of fields are one text.
  const digest = createHash('sha256')
    .update(JSON.stringify([bucket, key, versionId, sequencer]))
    .digest('hex');
  const slug = slugOf(key);
  return slug === '' ? digest : `${slug}-${digest}`;
}

function slugOf(key: string): string {
  const segment = key.split('/').findLast((part) => part !== '') ?? '';
  return segment
    .replaceAll(/[^A-Za-z0-9_]+/g, '-')
    .replace(/^-/, '')
    .slice(0, SLUG_CHARS)
    .replace(/-$/, '');
}
