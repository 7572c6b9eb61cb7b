import {
  type AttributeValue,
  ConditionalCheckFailedException,
  UpdateItemCommand,
  type UpdateItemCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { FROM, type Status, type UploadAttribute } from './upload-row.ts';

/** The address of a row: the table, the name of its partition key, and the key's value. */
export interface RowAddress {
  readonly table: string;
  readonly partitionKey: string;
  readonly id: string;
}

/** The values that a transition sets, besides `status` and `updated`. */
export type NewValues = Readonly<Partial<Record<UploadAttribute, AttributeValue>>>;

/** A row as DynamoDB has it. */
type Row = Readonly<Record<string, AttributeValue>>;

/** Whether the status changed. If not, `row` is the current row, or undefined when there is none. */
export type Outcome = { readonly moved: true } | { readonly moved: false; readonly row: Row | undefined };

/**
 * The UpdateItem request that sets a row's status, on the condition that the current status is one of `from`.
 *
 * @param updated - the time of the change, ISO 8601
 * @param from - the allowed current states; by default all that `FROM` lists
 */
export function transition(
  { table, partitionKey, id }: RowAddress,
  to: Status,
  updated: string,
  values: NewValues = {},
  from: readonly Status[] = FROM[to],
) {
  const set: NewValues = { status: { S: to }, updated: { S: updated }, ...values };
  const names = Object.keys(set);
  return {
    TableName: table,
    Key: { [partitionKey]: { S: id } },
    UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
    ConditionExpression: `#status IN (${from.map((status) => `:${status}`).join(', ')})`,
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: {
      ...Object.fromEntries(Object.entries(set).map(([name, value]) => [`:${name}`, value])),
      ...Object.fromEntries(from.map((status) => [`:${status}`, { S: status }])),
    },
  };
}

/** The part of a DynamoDBClient that `moveRow` needs. */
export interface UpdateClient {
  send(command: UpdateItemCommand): Promise<UpdateItemCommandOutput>;
}

/**
 * Sends a transition. A failed condition is not an error: the row has a later status already, or does not exist.
 *
 * @throws every other error of DynamoDB
 */
export async function moveRow(
  dynamodb: UpdateClient,
  request: ReturnType<typeof transition>,
): Promise<Outcome> {
  try {
    await dynamodb.send(
      new UpdateItemCommand({ ...request, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
    );
    return { moved: true };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return { moved: false, row: error.Item };
  }
}
