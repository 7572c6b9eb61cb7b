/**
 * The permissions that calls of DynamoDB need.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
import { isObject } from '../objects.ts';
import { known } from './arguments.ts';
import { tableArn } from './arns.ts';
import { type Grants, on, read } from './call.ts';

const table = (...actions: string[]) => on('TableName', tableArn, ...actions);

/** The permissions of a query or scan, for a table or one of its indexes. */
const indexed =
  (action: string): Grants =>
  (call) => {
    const name = read(call, 'TableName');
    const index = read(call, 'IndexName');
    const whole = name.is === 'constant' ? tableArn(name.text, call.place) : undefined;
    const suffix = index.is === 'absent' ? '' : `/index/${index.is === 'constant' ? index.text : '*'}`;
    return [
      {
        actions: [action],
        resources: whole === undefined ? undefined : [`${whole}${suffix}`],
        from: 'TableName',
      },
    ];
  };

/** The permissions of a batch. The field names of RequestItems are its tables. */
const batch =
  (action: string): Grants =>
  ({ given, place, language }) => {
    const items = given['RequestItems'];
    const names = isObject(items) ? Object.keys(items) : [];
    const unknown =
      names.length === 0 || (language === 'JSONPath' && names.some((name) => name.endsWith('.$')));
    return [
      {
        actions: [action],
        resources: unknown ? undefined : names.map((name) => tableArn(name, place)),
        from: 'RequestItems',
      },
    ];
  };

/** The actions of a transaction's parts. The transaction itself has no action. */
const PARTS: Readonly<Record<string, string>> = {
  Get: 'dynamodb:GetItem',
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
  Delete: 'dynamodb:DeleteItem',
  ConditionCheck: 'dynamodb:ConditionCheckItem',
};

const transaction: Grants = ({ given, language, place }) => {
  const items = given['TransactItems'];
  const from = 'TransactItems';
  const parts = Array.isArray(items)
    ? items.flatMap((item: unknown) => (isObject(item) ? Object.entries(item) : []))
    : [];
  const grants = parts.flatMap(([name, part]) => {
    const table = isObject(part) ? known(part, 'TableName', language) : undefined;
    const resources = table?.is === 'constant' ? [tableArn(table.text, place)] : undefined;
    const action = PARTS[name.replace(/\.\$$/, '')];
    return action === undefined ? [] : [{ actions: [action], resources, from }];
  });
  return grants.length > 0 ? grants : [{ actions: Object.values(PARTS), resources: undefined, from }];
};

/** The permissions of calls on one item. */
export const ITEM_CALLS: Readonly<Record<string, Grants>> = {
  getItem: table('dynamodb:GetItem'),
  putItem: table('dynamodb:PutItem'),
  updateItem: table('dynamodb:UpdateItem'),
  deleteItem: table('dynamodb:DeleteItem'),
};

export const DYNAMODB_CALLS: Readonly<Record<string, Grants>> = {
  ...ITEM_CALLS,
  query: indexed('dynamodb:Query'),
  scan: indexed('dynamodb:Scan'),
  batchGetItem: batch('dynamodb:BatchGetItem'),
  batchWriteItem: batch('dynamodb:BatchWriteItem'),
  transactGetItems: transaction,
  transactWriteItems: transaction,
  describeTable: table('dynamodb:DescribeTable'),
};
