/** The event source mapping, with which changes of the table invoke a function. */
import { createHash } from 'node:crypto';
import type { IEventSourceMapping } from '@crossplane-models/provider-upjet-aws/lambda.aws.m.upbound.io/v1beta1/EventSourceMapping';
import type { Context } from '../context.ts';
import { allow, type Statement } from '../iam.ts';
import { KEYS, policyKey } from '../keys.ts';
import type { Arns } from '../names.ts';
import { type Json, stringAt } from '../objects.ts';
import { type ComposedResource, define, onceKnown } from '../plan.ts';

/** The filter for rows that became `uploaded`. https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html */
const UPLOADED = JSON.stringify({
  eventName: ['INSERT', 'MODIFY'],
  dynamodb: { NewImage: { status: { S: ['uploaded'] } } },
});

/** Small enough that a batch ends within the function's timeout, even when EC2 is slow. */
const BATCH_SIZE = 5;
/** The number of parallel batches. EC2 accepts two launches per second, and a launch takes about two seconds. https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html */
const AT_ONCE = 4;
/** The maximum age of a record. It is longer than the function itself retries a launch. For older records, the user has left. */
const RECORD_SECONDS = 900;

/**
 * Allows Lambda to read the stream with the function's role. Listing streams has no resource:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
export function readStream(arns: Arns): Statement[] {
  const read = ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'];
  return [
    allow('ReadStream', read, [`${arns.table}/stream/*`]),
    allow('ListStreams', ['dynamodb:ListStreams'], ['*']),
  ];
}

/** The key of a mapping. It contains the stream, since a mapping's stream cannot be changed. */
const keyOf = (mapping: string, streamArn: string) =>
  `${mapping}-${createHash('sha256').update(streamArn).digest('hex').slice(0, 8)}`;

/** The stream of a mapping: AWS's value or, if the provider has not read that, the value in the spec. */
const streamOf = (mapping: Json | undefined) =>
  stringAt(mapping, 'status', 'atProvider', 'eventSourceArn') ??
  stringAt(mapping, 'spec', 'forProvider', 'eventSourceArn');

/**
 * The keys of the mappings to emit: the mapping of the table's stream, with the key that it was created with. While the stream is not
 * known, all observed mappings. A recreated table has another stream.
 */
function mappingKeys({ observed }: Context, mapping: string, streamArn: string | undefined): string[] {
  const made = Object.keys(observed).filter((key) => key === mapping || key.startsWith(`${mapping}-`));
  if (streamArn === undefined) return made.length > 0 ? made : [mapping];
  return [made.find((key) => streamOf(observed[key]) === streamArn) ?? keyOf(mapping, streamArn)];
}

/**
 * The mapping from the table's stream to a function.
 *
 * @param key - the key of the function
 */
export function stream(context: Context, key: string): ComposedResource[] {
  const { names, observed, spec, tags } = context;
  const eventSourceArn = stringAt(observed[KEYS.table], 'status', 'atProvider', 'streamArn');
  return mappingKeys(context, `${key}-mapping`, eventSourceArn).map((mapping) =>
    onceKnown(
      eventSourceArn,
      define<IEventSourceMapping>(context, {
        apiVersion: 'lambda.aws.m.upbound.io/v1beta1',
        area: 'Trigger',
        key: mapping,
        kind: 'EventSourceMapping',
        // eventSourceArn has no reference; Lambda looks whether the role may read the stream.
        needs: [KEYS.table, policyKey(key)],
        forProvider: {
          region: spec.region,
          functionNameRef: { name: names.composed(key) },
          eventSourceArn: eventSourceArn ?? '',
          startingPosition: 'TRIM_HORIZON',
          batchSize: BATCH_SIZE,
          parallelizationFactor: AT_ONCE,
          bisectBatchOnFunctionError: true,
          filterCriteria: { filter: [{ pattern: UPLOADED }] },
          functionResponseTypes: ['ReportBatchItemFailures'],
          maximumRecordAgeInSeconds: RECORD_SECONDS,
          destinationConfig: {
            onFailure: { destinationArnRef: { name: names.composed(KEYS.deadLetterQueue) } },
          },
          tags,
        },
      }),
    ),
  );
}
