/** What the use of the pipeline's table needs: permissions, its own key, a function's variables. */
import type { Context } from '../context.ts';
import { allow, type Statement, useTableKey } from '../iam.ts';
import type { Arns } from '../names.ts';

/** Use of the table's own key; nothing where DynamoDB's is used. */
export const tableKeyStatements = ({ spec }: Context): Statement[] =>
  spec.table.kmsKeyArn === undefined ? [] : [useTableKey(spec.table.kmsKeyArn, spec.region)];

function callTable(context: Context, arns: Arns, Sid: string, calls: readonly string[]): Statement[] {
  const actions = calls.map((call) => `dynamodb:${call}`);
  return [allow(Sid, actions, [arns.table]), ...tableKeyStatements(context)];
}

/** Calls on the table, such as `GetItem`. */
export const useTable = (context: Context, arns: Arns, ...calls: string[]): Statement[] =>
  callTable(context, arns, 'UseTable', calls);

/** Puts items into the table. */
export const writeTable = (context: Context, arns: Arns): Statement[] =>
  callTable(context, arns, 'PutItems', ['PutItem']);

/** The attribute that holds when an item's object expires; undefined unless the claim asks for both. */
export function expiry({ spec }: Context): { attribute: string; days: number } | undefined {
  const { timeToLiveAttribute: attribute } = spec.table;
  const { expireAfterDays: days } = spec.source;
  return attribute !== undefined && days !== undefined ? { attribute, days } : undefined;
}

/** The variables of a function that reads or moves items. */
export const tableEnvironment = ({ names, spec }: Context) => ({
  TABLE_NAME: names.table,
  PARTITION_KEY: spec.table.partitionKey,
});

/** Those of one that makes items expire: by which attribute, and when. */
export function expiryEnvironment(context: Context): Record<string, string> {
  const expires = expiry(context);
  return expires ? { TTL_ATTRIBUTE: expires.attribute, EXPIRE_AFTER_DAYS: String(expires.days) } : {};
}
