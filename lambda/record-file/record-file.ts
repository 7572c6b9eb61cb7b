import {
  type AttributeValue,
  ConditionalCheckFailedException,
  PutItemCommand,
  type PutItemCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { type Environment, optionalDays, requiredText } from '../shared/env.ts';
import { ConfigurationError } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';
import { type ObjectWork, processEvent } from '../shared/process-event.ts';
import { isRowAttribute, NEWER_ROW_CONDITION, type RowAttribute } from '../shared/row.ts';
import { expiresAt, type S3Object } from '../shared/s3-event.ts';

/** The dependencies of the handler. `dynamodb` is a DynamoDBClient or a stand-in, `now` is the clock. */
export interface RecordFileDependencies {
  readonly dynamodb: { send(command: PutItemCommand): Promise<PutItemCommandOutput> };
  readonly env: Environment;
  readonly logger: Log;
  readonly now?: () => Date;
}

/**
 * A handler that writes one row for every object of an S3 notification or EventBridge event. Its environment:
 *
 * - `TABLE_NAME`
 * - `PARTITION_KEY`: the table's key attribute, which holds the object's key
 * - `TTL_ATTRIBUTE` and `EXPIRE_AFTER_DAYS` (optional, no effect unless both are set): when the row expires, in epoch seconds
 *
 * Only a newer event replaces a row, so a repeated or late event changes nothing.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html
 *
 * @throws ConfigurationError when a variable is missing or wrong
 */
export function createHandler({ dynamodb, env, logger, now = () => new Date() }: RecordFileDependencies) {
  const tableName = requiredText(env, 'TABLE_NAME', 'the name of the table');
  const partitionKey = requiredText(env, 'PARTITION_KEY', "the name of the table's partition key");
  const ttlAttribute = env['TTL_ATTRIBUTE'] || undefined;
  const days = optionalDays(env, 'EXPIRE_AFTER_DAYS');
  refuseTaken('PARTITION_KEY', partitionKey, isRowAttribute(partitionKey));
  if (ttlAttribute !== undefined) {
    refuseTaken('TTL_ATTRIBUTE', ttlAttribute, isRowAttribute(ttlAttribute) || ttlAttribute === partitionKey);
  }

  const record: ObjectWork = async (object, log) => {
    const expiry: Record<string, AttributeValue> =
      ttlAttribute === undefined || days === undefined
        ? {}
        : { [ttlAttribute]: { N: String(expiresAt(object.eventTime, days)) } };
    try {
      await dynamodb.send(
        new PutItemCommand({
          TableName: tableName,
          Item: { [partitionKey]: { S: object.key }, ...rowOf(object, now()), ...expiry },
          ConditionExpression: NEWER_ROW_CONDITION,
          ExpressionAttributeNames: { '#pk': partitionKey, '#sequencer': 'sequencer' },
          ExpressionAttributeValues: { ':sequencer': { S: object.sequencer } },
        }),
      );
      log.info('Row written', { table: tableName, sequencer: object.sequencer });
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      log.info('Duplicate or late event: the row is as new or newer', {
        table: tableName,
        sequencer: object.sequencer,
      });
    }
  };
  return (event: unknown): Promise<void> => processEvent(event, record, logger);
}

function rowOf(object: S3Object, recordedAt: Date): Record<RowAttribute, AttributeValue> {
  return {
    bucket: { S: object.bucket },
    size: { N: String(object.size) },
    eTag: { S: object.eTag },
    versionId: { S: object.versionId },
    sequencer: { S: object.sequencer },
    eventTime: { S: object.eventTime },
    recordedAt: { S: recordedAt.toISOString() },
  };
}

function refuseTaken(variable: string, name: string, taken: boolean): void {
  if (taken) {
    throw new ConfigurationError(
      `${variable} is "${name}", which is already an attribute of every row: choose another name`,
    );
  }
}
