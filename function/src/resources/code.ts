/** The handlers' zips, as objects in a separate bucket. */
import type { IBucket } from '@crossplane-models/provider-upjet-aws/s3.aws.m.upbound.io/v1beta1/Bucket';
import type { IObject } from '@crossplane-models/provider-upjet-aws/s3.aws.m.upbound.io/v1beta1/Object';
import type { HandlerName } from '../catalogue.ts';
import type { Context } from '../context.ts';
import { KEYS } from '../keys.ts';
import { stringAt } from '../objects.ts';
import { type ComposedResource, define, isReady, reemit } from '../plan.ts';

const api = { apiVersion: 's3.aws.m.upbound.io/v1beta1', area: 'Code' } as const;

/** The key of a handler's zip. It contains the digest, since provider and Lambda compare the key and not the content. */
export const codeKey = (handler: HandlerName, sha256: string) => `code-${handler}-${sha256.slice(0, 12)}`;
const objectKey = (handler: HandlerName, sha256: string) => `${handler}/${sha256}.zip`;

/** The code that a function runs: `s3Key` and the base64 SHA-256 of the zip. */
export interface RunningCode {
  readonly s3Key: string;
  readonly sourceCodeHash: string;
}

/**
 * The code that a function should run now: the newest or, while that is not uploaded yet, the code in its observed spec. AWS rejects a
 * missing key, and the provider would retry only after a minute.
 */
export function codeToRun(context: Context, handler: HandlerName): RunningCode {
  const { sha256, sha256Base64 } = context.catalogue[handler];
  const newest = { s3Key: objectKey(handler, sha256), sourceCodeHash: sha256Base64 };
  if (isReady(context.observed[codeKey(handler, sha256)])) return newest;
  const before = context.observed[handler];
  const s3Key = stringAt(before, 'spec', 'forProvider', 's3Key');
  const sourceCodeHash = stringAt(before, 'spec', 'forProvider', 'sourceCodeHash');
  return s3Key && sourceCodeHash ? { s3Key, sourceCodeHash } : newest;
}

/**
 * The base64 SHA-256 of the code that a function runs: AWS's value or, if the provider has not read that, the value that it applied last.
 */
export function runningDigest(lambdaFunction: unknown): string | undefined {
  const reported = (field: string) => stringAt(lambdaFunction, 'status', 'atProvider', field);
  return reported('codeSha256') ?? reported('sourceCodeHash');
}

/** Whether the function was observed with the newest code. */
function runsNewest(context: Context, handler: HandlerName): boolean {
  const running = context.observed[handler];
  return isReady(running) && runningDigest(running) === context.catalogue[handler].sha256Base64;
}

/** The objects with earlier code. They are kept until the function was observed with the newest code, as its spec can still name them. */
function earlierCode(context: Context, handler: HandlerName): ComposedResource[] {
  if (runsNewest(context, handler)) return [];
  const newest = codeKey(handler, context.catalogue[handler].sha256);
  return Object.entries(context.observed)
    .filter(([key]) => key.startsWith(`code-${handler}-`) && key !== newest)
    .map(([key, resource]) => ({
      key,
      kind: 'Object',
      area: 'Code',
      needs: [],
      first: 'alone',
      build: () => reemit(resource),
    }));
}

/**
 * The bucket and its objects. The bucket has AWS's defaults: no public access, no ACLs, AES256
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html). It has no user data.
 */
export function code(context: Context, handlers: readonly HandlerName[]): ComposedResource[] {
  const { names, spec, tags, catalogue } = context;
  return [
    define<IBucket>(context, {
      ...api,
      key: KEYS.codeBucket,
      kind: 'Bucket',
      first: 'alone',
      externalName: names.codeBucket,
      forProvider: { region: spec.region, forceDestroy: true, tags },
    }),
    ...handlers.flatMap((handler) => [
      define<IObject>(context, {
        ...api,
        key: codeKey(handler, catalogue[handler].sha256),
        kind: 'Object',
        first: 'awaited',
        forProvider: {
          region: spec.region,
          bucketRef: { name: names.composed(KEYS.codeBucket) },
          key: objectKey(handler, catalogue[handler].sha256),
          contentBase64: catalogue[handler].base64,
          contentType: 'application/zip',
        },
      }),
      ...earlierCode(context, handler),
    ]),
  ];
}
