import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as apigateway from '@aws-sdk/client-apigatewayv2';
import * as autoscaling from '@aws-sdk/client-application-auto-scaling';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as ec2 from '@aws-sdk/client-ec2';
import * as events from '@aws-sdk/client-eventbridge';
import * as iam from '@aws-sdk/client-iam';
import * as lambda from '@aws-sdk/client-lambda';
import * as s3 from '@aws-sdk/client-s3';
import * as scheduler from '@aws-sdk/client-scheduler';
import * as sfn from '@aws-sdk/client-sfn';
import * as sqs from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Fields, isFields } from '../fields.ts';
import type { Call, KindTable, ServiceTable, Tags } from './table.ts';

const SDKS: Readonly<Record<string, Fields>> = {
  ...{
    apigateway,
    autoscaling,
    cloudwatch,
    dynamodb,
    ec2,
    events,
    iam,
    lambda,
    logs,
    s3,
    scheduler,
    sfn,
    sqs,
  },
};
const FOLDER = join(import.meta.dirname, 'tables');
const SERVICES = readdirSync(FOLDER).map(
  (file): ServiceTable => parse(readFileSync(join(FOLDER, file), 'utf8'), { merge: true }),
);

// The SDK has a schema for each operation and shape, as lists: the first item tells the sort of shape.
const [LIST, MAP, STRUCTURE] = [1, 2, 3];

/** A schema without the function and the traits around it. */
function schemaOf(given: unknown): unknown[] {
  if (typeof given === 'function') return schemaOf(given());
  if (!Array.isArray(given)) return [];
  return typeof given[0] === 'number' ? given : schemaOf(given[0]);
}

function has(given: unknown, path: string): boolean {
  const schema = schemaOf(given);
  const [step = '', ...rest] = path.split('.');
  const name = step.replace(/\[\d?\]$/, '');
  const index = schema[0] === STRUCTURE && Array.isArray(schema[4]) ? schema[4].indexOf(name) : -1;
  if (index < 0 || !Array.isArray(schema[5])) return false;
  const member = schemaOf(schema[5][index]);
  // A list of structures needs brackets in a path, and nothing else has them.
  const isList = member[0] === LIST && schemaOf(member[4])[0] === STRUCTURE;
  if (rest.length === 0) return !step.endsWith(']') || isList;
  if (member[0] === MAP) return true;
  return isList === step.endsWith(']') && has(isList ? member[4] : member, rest.join('.'));
}

/** The schema of what an operation takes, or of what it answers. */
function shapeOf(service: string, operation: string, what: 'input' | 'output'): unknown {
  const schema = schemaOf(SDKS[service]?.[`${operation[0]?.toUpperCase()}${operation.slice(1)}$`]);
  return schema[what === 'input' ? 4 : 5];
}

const callOf = (call: string | Call = ''): Call => (typeof call === 'string' ? { call } : call);

function strays(
  service: string,
  operation: string,
  what: 'input' | 'output',
  paths: readonly (string | undefined)[],
): string[] {
  const shape = shapeOf(service, operation, what);
  return paths
    .filter((path) => path !== undefined && !has(shape, path))
    .map((path) => `${operation} has no ${path} in its ${what}`);
}

const below = (parent: string | undefined, path: string | undefined) =>
  parent === undefined || path === undefined ? path : `${parent}.${path}`;

/** What creation sends: all members, also those that an update sends too. */
function sent(service: string, table: KindTable): string[] {
  const { calls, id, names, in: place, members, namedBy, tags } = table;
  const { call, within } = callOf(calls.create);
  const paths = Object.values(members).map((member) =>
    typeof member === 'string' ? member : (member.is ?? member.to),
  );
  return strays(service, call, 'input', [
    namedBy === 'manifest' ? id : undefined,
    ...Object.values({ ...names, ...place }),
    ...[...paths, ...Object.keys(table.also ?? {})].map((path) => below(within, path)),
    ...(tags?.put === undefined ? [] : [tags.create ?? tags.member ?? 'Tags']),
  ]);
}

function answered(service: string, table: KindTable): string[] {
  const { calls, members, reports, ready, made, id, namedBy, names } = table;
  const { call, at } = callOf(calls.observe);
  const paths = [
    ...Object.values(members).map((member) =>
      typeof member === 'string' ? member : (member.is ?? member.from),
    ),
    ...Object.values(reports ?? {}).filter((report) => !report.includes('{')),
    ready?.at,
  ].map((path) => below(at, path));
  return [
    ...(call === '' ? [] : strays(service, call, 'output', paths)),
    ...(namedBy === 'provider' && names === undefined
      ? strays(service, callOf(calls.create).call, 'output', [made ?? id])
      : []),
  ];
}

function addressed(service: string, { calls, id, names, in: place }: KindTable): string[] {
  const { create: _, ...others } = calls;
  return Object.values(others).flatMap((one) => {
    const { call, with: members } = callOf(one);
    if (members) return strays(service, call, 'input', Object.keys(members));
    return strays(service, call, 'input', [id, ...Object.values({ ...place, ...names })]);
  });
}

function tagging(service: string, tags: Tags): string[] {
  const { put, take, list, of = {}, member = 'Tags', keys = 'TagKeys' } = tags;
  const names = Object.keys(of);
  return [
    ...(list ? strays(service, list, 'output', [member]) : []),
    ...(list ? strays(service, list, 'input', names) : []),
    ...(put ? strays(service, put, 'input', [...names, member]) : []),
    ...(take ? strays(service, take, 'input', [...names, keys]) : []),
  ];
}

test('the SDK has every operation and member that a table names', () => {
  const found = SERVICES.flatMap(({ service, kinds }) =>
    kinds.flatMap((table) => [
      ...sent(service, table),
      ...answered(service, table),
      ...addressed(service, table),
      ...(table.tags ? tagging(service, table.tags) : []),
    ]),
  );
  // Code makes other members of these, or reads another answer.
  const prefix = 'NotificationConfiguration.LambdaFunctionConfigurations[]';
  expect(found).toEqual([
    'putTargets has no TargetId in its input',
    'putTargets has no Arn in its input',
    'listTargetsByRule has no Arn in its output',
    'listTargetsByRule has no TargetId in its input',
    'putTargets has no TargetId in its input',
    'removeTargets has no TargetId in its input',
    'addPermission has no StatementId in its output',
    `putBucketNotificationConfiguration has no ${prefix}.Prefix in its input`,
    `putBucketNotificationConfiguration has no ${prefix}.Suffix in its input`,
  ]);
});

test('the SDK has every list of values that a table names', () => {
  const named = SERVICES.flatMap(({ service, kinds }) =>
    kinds.flatMap(({ members }) =>
      Object.values(members).flatMap((member) =>
        typeof member === 'string' || member.oneOf === undefined ? [] : [{ service, list: member.oneOf }],
      ),
    ),
  );
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter(({ service, list }) => !isFields(SDKS[service]?.[list]))).toEqual([]);
});
