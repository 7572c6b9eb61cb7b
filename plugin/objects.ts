/** The uploaded objects of a bucket, page by page, and their rows. */
import type { ListObjectVersionsCommandOutput } from '@aws-sdk/client-s3';
import { INPUT_PREFIX, uploadOf } from '../lambda/shared/upload-row.ts';
import type { Aws } from './aws.ts';
import { type Row, rowOf } from './rows.ts';
import type { Target } from './target.ts';

/** A version of an object. */
export interface Version {
  readonly key: string;
  /** The string `null` without versioning, as in events and rows. */
  readonly versionId: string;
  /** Without quotes, as in events and rows. */
  readonly eTag: string;
  readonly size: number;
  readonly modified: Date;
  /** A newer version, or a deletion, hides it. */
  readonly isLatest: boolean;
}

/** The newest version of a file. */
export interface FileObject extends Version {
  /** It was deleted since, as ProcessImage does when it is done. */
  readonly isDeleted: boolean;
}

interface VersionPage {
  readonly versions: readonly Version[];
  /** The keys whose newest entry is a deletion. */
  readonly deleted: readonly string[];
  /** The last key of the page, where another page follows, which can go on with it. */
  readonly next?: string | undefined;
}

/** All versions of the objects with a prefix, by key, the newest first. A page has up to 1,000. */
export async function* versionPages(
  { s3 }: Pick<Aws, 's3'>,
  bucket: string,
  prefix: string,
): AsyncGenerator<VersionPage> {
  let marker: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
  while (marker !== undefined) {
    const page: ListObjectVersionsCommandOutput = await s3.listObjectVersions({
      Bucket: bucket,
      Prefix: prefix,
      ...marker,
    });
    const { Versions = [], DeleteMarkers = [], NextKeyMarker, NextVersionIdMarker } = page;
    yield {
      versions: Versions.map(({ Key = '', VersionId, ETag = '', Size = 0, LastModified, IsLatest }) => ({
        key: Key,
        versionId: VersionId ?? 'null',
        eTag: ETag.replaceAll('"', ''),
        size: Size,
        modified: LastModified ?? new Date(0),
        isLatest: IsLatest === true,
      })),
      deleted: DeleteMarkers.flatMap(({ Key, IsLatest }) => (IsLatest && Key !== undefined ? [Key] : [])),
      next: page.IsTruncated ? NextKeyMarker : undefined,
    };
    marker =
      page.IsTruncated && NextKeyMarker !== undefined
        ? { KeyMarker: NextKeyMarker, ...(NextVersionIdMarker && { VersionIdMarker: NextVersionIdMarker }) }
        : undefined;
  }
}

/** The newest version of each file, page by page. The folders of the S3 console are not files. */
export async function* filePages(pages: AsyncIterable<VersionPage>): AsyncGenerator<readonly FileObject[]> {
  // A deletion and the version below it can be on two pages.
  let deleted = new Set<string>();
  for await (const page of pages) {
    for (const key of page.deleted) deleted.add(key);
    yield page.versions.flatMap((version) => {
      const isDeleted = !version.isLatest && deleted.delete(version.key);
      const isFolder = version.size === 0 && version.key.endsWith('/');
      return (version.isLatest || isDeleted) && !isFolder ? [{ ...version, isDeleted }] : [];
    });
    deleted = new Set([...deleted].filter((key) => key === page.next));
  }
}

/** The value of the partition key of a file's row; undefined for a key that no row can have. */
export function rowKey({ spec }: Target, key: string): string | undefined {
  return spec.workflow.type === 'RunScript' ? uploadOf(key)?.id : key;
}

/** The prefix and suffixes of the keys that are files for the pipeline. */
export function filterOf({ spec }: Target): { prefix: string; suffixes: readonly string[] | undefined } {
  return spec.workflow.type === 'RunScript'
    ? { prefix: INPUT_PREFIX, suffixes: undefined }
    : { prefix: spec.source.prefix ?? '', suffixes: spec.source.suffixes };
}

/** DynamoDB's limit for a batch. */
const BATCH = 100;

/** The rows with these values of the partition key, by them. */
export async function rowsOf(
  { dynamodb }: Pick<Aws, 'dynamodb'>,
  target: Target,
  table: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, Row>> {
  const name = target.spec.table.partitionKey;
  const found = new Map<string, Row>();
  const unique = [...new Set(keys)];
  for (let start = 0; start < unique.length; start += BATCH) {
    let Keys: Record<string, { S: string }>[] = unique
      .slice(start, start + BATCH)
      .map((key) => ({ [name]: { S: key } }));
    while (Keys.length > 0) {
      const { Responses = {}, UnprocessedKeys = {} } = await dynamodb.batchGetItem({
        RequestItems: { [table]: { Keys, ConsistentRead: true } },
      });
      for (const row of (Responses[table] ?? []).map(rowOf)) found.set(String(row[name]), row);
      const left = UnprocessedKeys[table]?.Keys ?? [];
      Keys = left.map((key) => ({ [name]: { S: key[name]?.S ?? '' } }));
    }
  }
  return found;
}
