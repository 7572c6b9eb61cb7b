import { expect, test } from 'vitest';
import { differences } from './compare.ts';
import type { Fields } from './fields.ts';
import { kindOf } from './kinds/index.ts';
import { schemaOf } from './schemas.ts';

function differ(group: string, kindName: string, spec: Fields, state: Fields): string[] {
  const apiVersion = `${group}.aws.m.upbound.io/v1beta1`;
  const kind = kindOf(apiVersion, kindName);
  if (!kind) throw new Error(`no ${kindName}`);
  return differences(kind, schemaOf(apiVersion, kindName)?.spec.properties?.['forProvider'], spec, state);
}

test('only fields of the manifest count, and neither references nor what only steers', () => {
  const spec = { forceDestroy: true, tags: { a: 'b' }, region: 'x' };
  expect(differ('s3', 'Bucket', spec, { tags: { a: 'b' }, other: 1 })).toEqual([]);
  const target = { arn: 'arn:f', roleArnRef: { name: 'r' }, roleArn: 'arn:r' };
  const inAws = { target: { arn: 'arn:f', roleArn: 'arn:r', retryPolicy: { maximumRetryAttempts: 1 } } };
  expect(differ('scheduler', 'Schedule', { target }, inAws)).toEqual([]);
  expect(differ('lambda', 'Function', { roleRef: { name: 'r' } }, {})).toEqual([]);
});

test('a map must be the same, a block must hold what is asked for', () => {
  expect(differ('s3', 'Bucket', { tags: { a: 'b' } }, { tags: { a: 'b', stray: 'c' } })).toEqual(['tags']);
  const environment = { variables: { A: '1' } };
  expect(differ('lambda', 'Function', { environment }, { environment: { variables: {} } })).toEqual([
    'environment',
  ]);
  expect(
    differ('dynamodb', 'Table', { ttl: { enabled: true } }, { ttl: { enabled: true, attributeName: 'x' } }),
  ).toEqual([]);
});

test('lists have no order but a length', () => {
  const rule = [
    { id: 'a', status: 'Enabled' },
    { id: 'b', status: 'Disabled' },
  ];
  const kind = 'BucketLifecycleConfiguration';
  expect(differ('s3', kind, { rule }, { rule: rule.toReversed() })).toEqual([]);
  expect(differ('s3', kind, { rule }, { rule: [rule[0], rule[0]] })).toEqual(['rule']);
  expect(differ('s3', kind, { rule }, { rule: [...rule, { id: 'c' }] })).toEqual(['rule']);
});

test('policies are compared by meaning, definitions as JSON', () => {
  const one = '{"Statement":[{"Action":["a","b"],"Resource":"r"}]}';
  const same = '{ "Statement": {"Resource": ["r"], "Action": ["b", "a"]} }';
  expect(differ('s3', 'BucketPolicy', { policy: one }, { policy: same })).toEqual([]);
  expect(differ('s3', 'BucketPolicy', { policy: one }, { policy: one.replace('"r"', '"s"') })).toEqual([
    'policy',
  ]);
  expect(
    differ('sfn', 'StateMachine', { definition: '{"a":1,"b":2}' }, { definition: '{"b": 2, "a": 1}' }),
  ).toEqual([]);
  expect(differ('sfn', 'StateMachine', { definition: '{"a":[1]}' }, { definition: '{"a":1}' })).toEqual([
    'definition',
  ]);
  expect(differ('sfn', 'StateMachine', { definition: 'not json' }, { definition: '{}' })).toEqual([
    'definition',
  ]);
});
