/** What the settings of a bucket have in common, which the provider keeps as managed resources of their own. */
import type { S3Client } from '@aws-sdk/client-s3';
import { defined, type Fields, needText } from '../fields.ts';
import { GROUPS, ifFound, type Kind } from './kind.ts';

interface Setting {
  kind: string;
  fields: readonly string[];
  defaults?: Fields;
  documents?: Kind['documents'];
  /** The names of the errors by which S3 says that the bucket has no such setting. */
  absent: readonly string[];
  get(s3: S3Client, Bucket: string): Promise<Fields | undefined>;
  put(s3: S3Client, Bucket: string, spec: Fields): Promise<unknown>;
  remove(s3: S3Client, Bucket: string): Promise<unknown>;
}

/** Each is put whole, so creating and updating are one; its external name and id are the bucket's name. */
export function bucketSetting(setting: Setting): Kind {
  const { kind, fields, defaults, documents, absent, get, put, remove } = setting;
  return {
    group: GROUPS.s3,
    kind,
    fields: ['region', 'bucket', ...fields],
    references: [
      {
        from: 'bucketRef',
        to: 'bucket',
        group: GROUPS.s3,
        kind: 'Bucket',
        take: kind === 'BucketLifecycleConfiguration' ? 'externalName' : 'status.id',
      },
    ],
    namedBy: 'provider',
    immutable: ['bucket'],
    ...(defaults ? { defaults } : {}),
    ...(documents ? { documents } : {}),
    async observe({ clients, name }) {
      const state = await ifFound(get(clients.s3, name), 'NoSuchBucket', ...absent);
      if (!state) return undefined;
      return { state: defined({ ...state, bucket: name }), atProvider: { id: name }, ready: true };
    },
    async create({ clients, spec }) {
      const name = needText(spec, 'bucket');
      await put(clients.s3, name, spec);
      return name;
    },
    async update({ clients, name, spec }) {
      await put(clients.s3, name, spec);
    },
    async remove({ clients, name }) {
      await ifFound(remove(clients.s3, name), 'NoSuchBucket', ...absent);
    },
  };
}
