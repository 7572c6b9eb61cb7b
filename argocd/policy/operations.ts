/** The IAM actions that AWS checks for a call of its SDK. Most have the same name as the call; operations.yaml has the others. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const {
  prefixes: PREFIXES,
  actions: OTHERWISE,
}: {
  prefixes: Readonly<Record<string, string>>;
  actions: Readonly<Record<string, readonly string[]>>;
} = parse(readFileSync(join(import.meta.dirname, 'operations.yaml'), 'utf8'));

/** Lambda's names of operations end with the API's date, such as `CreateFunction20150331` or `GetFunction20150331v2`. */
const LAMBDA_DATE = /\d{8}(v\d+)?$/;

/** API Gateway's actions are the verbs of its HTTP calls. */
const VERBS: readonly [name: RegExp, verb: string][] = [
  [/^(Create|Tag)/, 'POST'],
  [/^Get/, 'GET'],
  [/^Update/, 'PATCH'],
  [/^(Delete|Untag)/, 'DELETE'],
];

/** Calls that the provider tries and does not need: it compares a table's key with AWS's default key (dynamodb/table.go, clearSSEDefaultKey). */
export const TOLERATED: readonly string[] = ['kms:DescribeKey'];

/**
 * The IAM actions that AWS checks for one call. Empty when it checks nothing. Conditional actions (for tags on creation, or for a
 * passed role) are not included.
 *
 * @param call - service and operation, such as `s3 PutBucketEncryption` or `lambda CreateFunction20150331`
 * @throws Error when the call has another form, or its service is unknown
 */
export function actionsOf(call: string): readonly string[] {
  const [, service = '', operation = ''] = /^([A-Za-z0-9 -]+) ([A-Za-z0-9]+)$/.exec(call) ?? [];
  const prefix = PREFIXES[service.toLowerCase().replace(/[ -]/g, '')];
  if (prefix === undefined) {
    throw new Error(
      `"${call}" is not a service and an operation, such as "s3 PutObject". Services: ${Object.keys(PREFIXES).join(', ')}`,
    );
  }
  if (prefix === 'apigateway') {
    const verb = VERBS.find(([name]) => name.test(operation))?.[1];
    if (verb === undefined) throw new Error(`"${call}" has no verb in operations.ts: add it there`);
    return [`${prefix}:${verb}`];
  }
  const action = `${prefix}:${prefix === 'lambda' ? operation.replace(LAMBDA_DATE, '') : operation}`;
  return OTHERWISE[action] ?? [action];
}
