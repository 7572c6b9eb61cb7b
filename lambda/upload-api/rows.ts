import {
  type AttributeValue,
  GetItemCommand,
  type GetItemCommandOutput,
  PutItemCommand,
  type PutItemCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { expiresAt } from '../shared/s3-event.ts';
import { STATUSES, type Status } from '../shared/upload-row.ts';
import type { Announcement } from './announcement.ts';
import type { Settings } from './settings.ts';

/** A DynamoDBClient, or a stand-in. */
export interface TableClient {
  send(command: PutItemCommand): Promise<PutItemCommandOutput>;
  send(command: GetItemCommand): Promise<GetItemCommandOutput>;
}

/** The attributes of a row that the API reads. The text of the upload is not one of them. */
export interface UploadRow {
  readonly status: Status;
  readonly fileName: string;
  /** ISO 8601, like `updated`. */
  readonly created: string;
  readonly updated: string;
  /** A sentence for the user who uploaded the file. */
  readonly error?: string;
  /** `<bucket>/<key>`. */
  readonly outputFilePath?: string;
}

/** The table's rows, by the upload's id. */
export interface Rows {
  /** Writes the row of a new upload, with the status `waiting`. */
  add(id: string, key: string, announcement: Announcement, created: string): Promise<void>;
  /** The current row, or undefined when there is none. */
  find(id: string): Promise<UploadRow | undefined>;
}

/**
 * Rows in a DynamoDB table.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html
 */
export function createRows(dynamodb: TableClient, settings: Settings): Rows {
  const { bucket, tableName, partitionKey, expiry } = settings;
  return {
    async add(id, key, { input_text, file_name, content_type, size }, created) {
      const path = { S: `${bucket}/${key}` };
      const now = { S: created };
      await dynamodb.send(
        new PutItemCommand({
          TableName: tableName,
          Item: {
            [partitionKey]: { S: id },
            input_text: { S: input_text },
            input_file_path: path,
            file_name: { S: file_name },
            content_type: { S: content_type },
            size: { N: String(size) },
            status: { S: 'waiting' },
            created: now,
            updated: now,
            // A row whose file never arrives expires too.
            ...(expiry && { [expiry.attribute]: { N: String(expiresAt(created, expiry.days)) } }),
          },
          // The client retries when an answer is lost: the row that its first try wrote is not a conflict.
          ConditionExpression:
            'attribute_not_exists(#pk) OR (#path = :path AND #created = :created AND #updated = :created)',
          ExpressionAttributeNames: {
            '#pk': partitionKey,
            '#path': 'input_file_path',
            '#created': 'created',
            '#updated': 'updated',
          },
          ExpressionAttributeValues: { ':path': path, ':created': now },
        }),
      );
    },
    async find(id) {
      const { Item } = await dynamodb.send(
        new GetItemCommand({
          TableName: tableName,
          Key: { [partitionKey]: { S: id } },
          ConsistentRead: true,
          ProjectionExpression: '#status, file_name, created, updated, #error, output_file_path',
          ExpressionAttributeNames: { '#status': 'status', '#error': 'error' },
        }),
      );
      return Item && rowOf(id, Item);
    },
  };
}

function rowOf(id: string, item: Record<string, AttributeValue>): UploadRow {
  const text = (attribute: string): string => {
    const value = item[attribute]?.S;
    if (value === undefined) throw new Error(`the row of ${id} has no text in ${attribute}`);
    return value;
  };
  const found = text('status');
  const status = STATUSES.find((known) => known === found);
  if (status === undefined) throw new Error(`the row of ${id} has the unknown status ${found}`);
  const error = item['error']?.S;
  const outputFilePath = item['output_file_path']?.S;
  return {
    status,
    fileName: text('file_name'),
    created: text('created'),
    updated: text('updated'),
    ...(error === undefined ? {} : { error }),
    ...(outputFilePath === undefined ? {} : { outputFilePath }),
  };
}
