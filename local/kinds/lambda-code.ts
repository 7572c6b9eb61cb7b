/** Where code comes from, for functions and layers: an object in a bucket of anyone's, since the provider takes no file. */
import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { type Fields, needText, text } from '../fields.ts';
import { ifFound, type Subject } from './kind.ts';

/** The object that the code is in. */
export function codeOf(spec: Fields) {
  return {
    S3Bucket: needText(spec, 's3Bucket'),
    S3Key: needText(spec, 's3Key'),
    S3ObjectVersion: text(spec, 's3ObjectVersion'),
  };
}

/** Bytes of the code object. Lambda refuses a missing one; the emulator would run a mock in its place. */
export async function codeSize({ clients, spec }: Subject): Promise<number> {
  const { S3Bucket: Bucket, S3Key: Key, S3ObjectVersion: VersionId } = codeOf(spec);
  const command = new HeadObjectCommand({ Bucket, Key, VersionId });
  const head = await ifFound(clients.s3.send(command), 'NotFound', 'NoSuchKey', 'NoSuchBucket');
  if (head?.ContentLength === undefined) {
    throw new Error(
      `Error occurred while GetObject. S3 Error Code: NoSuchKey. There is no s3://${Bucket}/${Key}`,
    );
  }
  return head.ContentLength;
}

/** Throws where what Lambda has made is not the code that the manifest means. */
export function assertCode(spec: Fields, size: number, made: FunctionConfiguration): void {
  const from = `s3://${text(spec, 's3Bucket')}/${text(spec, 's3Key')}`;
  if (made.CodeSize !== size) throw new Error(`CodeSize is ${made.CodeSize}, but ${from} has ${size} bytes`);
  const wanted = text(spec, 'sourceCodeHash');
  if (wanted === undefined || wanted === made.CodeSha256) return;
  throw new Error(
    `CodeSha256 of ${from} is ${made.CodeSha256}, not the sourceCodeHash ${wanted}: give the base64 SHA-256 of the object`,
  );
}
