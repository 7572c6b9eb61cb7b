import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as lambda from '@aws-sdk/client-lambda';
import * as s3 from '@aws-sdk/client-s3';
import * as sfn from '@aws-sdk/client-sfn';
import * as sqs from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { API_ARGUMENTS } from '../../src/asl/api-arguments.ts';
import { pascal } from '../../src/asl/permissions.ts';
import { isObject } from '../../src/objects.ts';

/** The clients that are here for other reasons; SNS and EventBridge have none. */
const CLIENTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  dynamodb,
  lambda,
  s3,
  sfn,
  sqs,
};

/** The members of a call's input: an operation's schema has that of its input in the fifth place, which lists them in its own. */
function membersOf(client: Readonly<Record<string, unknown>>, action: string): unknown {
  const command = client[`${pascal(action)}Command`];
  const made: unknown = typeof command === 'function' ? Reflect.construct(command, [{}]) : undefined;
  const schema: unknown = isObject(made) ? made['schema'] : undefined;
  const input: unknown = Array.isArray(schema) ? schema[4] : undefined;
  const read: unknown = typeof input === 'function' ? input() : input;
  return Array.isArray(read) ? read[4] : undefined;
}

const rows = Object.entries(API_ARGUMENTS).flatMap(([service, calls]) =>
  Object.entries(calls).map(([action, names]) => ({ service, action, names: names.split(' ') })),
);

describe('the arguments of a call', () => {
  it.each(rows.filter(({ service }) => CLIENTS[service]))('$service:$action are the SDK’s', (row) => {
    const members = membersOf(CLIENTS[row.service] ?? {}, row.action);
    const expected = Array.isArray(members) ? members.map((name) => pascal(String(name))) : [];
    expect([...row.names].sort()).toEqual(expected.sort());
  });

  it.each(rows)('$service:$action stand there once', ({ names }) => {
    expect(new Set(names).size).toBe(names.length);
  });
});
