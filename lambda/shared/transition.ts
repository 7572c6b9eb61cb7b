import {
  type AttributeValue,
  ConditionalCheckFailedException,
  UpdateItemCommand,
  type UpdateItemCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { FROM, type Status, type UploadAttribute } from './upload-row.ts';

/** Whose row it is: the table, the name of its partition key, and the id in it. */
export interface RowAddress {
  readonly table: string;
  readonly partitionKey: string;
  readonly id: string;
}

/** Values beside `status` and `updated`, which every transition sets. */
export type NewValues = Readonly<Partial<Record<UploadAttribute, AttributeValue>>>;

/** A row as DynamoDB has it. */
type Row = Readonly<Record<string, AttributeValue>>;

/** Whether the row moved on; if not, the row that is there, or undefined when there is none. */
export type Outcome = { readonly moved: true } | { readonly moved: false; readonly row: Row | undefined };

/**
 * The UpdateItem request that brings a row into a status, on the condition that it is in one from which it may come.
 *
 * @param updated ISO 8601
 * @param from narrows the states it may come from
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

/** A DynamoDBClient, or a stand-in, as far as `moveRow` needs it. */
export interface UpdateClient {
  send(command: UpdateItemCommand): Promise<UpdateItemCommandOutput>;
}

/**
 * Sends a transition. A condition that does not hold is no error: the row is further on already, or is not there.
 *
 * @throws what DynamoDB answers otherwise
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
