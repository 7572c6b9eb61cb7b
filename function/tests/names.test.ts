import { describe, expect, it } from 'vitest';
import { claimOf, settle } from '../render.ts';
import { identityOf } from '../src/names.ts';
import { type Json, stringAt } from '../src/objects.ts';
import { awsNames, KUBERNETES_NAME, LEGAL } from './aws-names.ts';

/** Everything there can be, so that every name is made. */
const everything: Json = {
  region: 'eu-west-1',
  workflow: { type: 'RecordFile' },
  table: { billing: { mode: 'Provisioned', read: { min: 1, max: 2 }, write: { min: 1, max: 2 } } },
  observability: { alarms: { enabled: true } },
};
const uploads: Json = {
  region: 'eu-west-1',
  source: { upload: { authorization: { type: 'None' } } },
  workflow: { type: 'RunScript', runScript: { network: { publicAddress: true } } },
};
const direct: Json = { ...everything, workflow: { type: 'RecordFile', execution: 'Direct' } };
const rendered = async (metadata: Json, spec: Json = everything) =>
  (await settle(claimOf(spec, metadata))).rendered.resources;

const SUFFIX = '0f1e2d3c';
const label = 'abcdefghi-'.repeat(6).slice(0, 63);

const identities: [why: string, metadata: Json][] = [
  ['short', { name: 'a', namespace: 'b' }],
  ['as long as Crossplane takes', { name: 'x'.repeat(63), namespace: 'y'.repeat(63) }],
  ['as long as Kubernetes takes', { name: 'x'.repeat(253), namespace: 'y'.repeat(63) }],
  [
    'long, with dots and dashes wherever the cut falls',
    { name: 'a.b-c.'.repeat(42).slice(0, 249), namespace: label.slice(0, 59) },
  ],
  [
    'long, the dots one further',
    { name: `x${'a.b-c.'.repeat(42).slice(0, 249)}`, namespace: label.slice(0, 59) },
  ],
  [
    'long, the dots two further',
    { name: `xy${'a.b-c.'.repeat(42).slice(0, 249)}`, namespace: label.slice(0, 59) },
  ],
  ['with dots', { name: 'invoices.eu.v2', namespace: 'team-a' }],
  ['with digits first', { name: '1', namespace: '2' }],
];

describe.each([
  ['Standard', everything],
  ['Direct', direct],
  ['RunScript', uploads],
])('names of a %s claim', (_execution, spec) => {
  it.each(identities)('%s: legal for each service, and the suffix is there', async (_why, metadata) => {
    const resources = await rendered(metadata, spec);
    const names = awsNames(resources);
    expect(new Set(names.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(9);
    expect(
      names.filter(({ kind, name }) => !LEGAL[kind]?.test(name)),
      'function/tests/aws-names.yaml: add the kind',
    ).toEqual([]);
    // The names of a role's inline policy and of an API's stage are the role's and the API's own affair.
    const shared = names.filter(({ kind }) => !['RolePolicy', 'Stage'].includes(kind));
    expect(shared.filter(({ name }) => !name.endsWith(`-${SUFFIX}`))).toEqual([]);
    const composed = Object.values(resources).map((manifest) => stringAt(manifest, 'metadata', 'name') ?? '');
    expect(composed.filter((name) => !KUBERNETES_NAME.test(name) || !name.endsWith(`-${SUFFIX}`))).toEqual(
      [],
    );
    expect(new Set(composed).size).toBe(composed.length);
  });
});

/** Names that two claims would both give to one thing. */
async function shared(one: Json, other: Json) {
  const [mine, theirs] = await Promise.all([rendered(one), rendered(other)]);
  const taken = awsNames(mine).map(({ kind, name }) => `${kind} ${name}`);
  return awsNames(theirs)
    .map(({ kind, name }) => `${kind} ${name}`)
    .filter((name) => taken.includes(name) && !name.startsWith('RolePolicy'));
}

it.each([
  ['xn--bcher-kva', 'n-xn--bcher-kva-a-files-'],
  ['sthree-team', 'n-sthree-team-a-files-'],
  ['amzn-s3-demo-team', 'n-amzn-s3-demo-team-a-files-'],
])('a bucket of the namespace %s does not begin with what S3 keeps', async (namespace, expected) => {
  const names = awsNames(await rendered({ name: 'a', namespace }));
  expect(names.filter(({ kind }) => kind === 'Bucket').map(({ name }) => name)).toContain(expected + SUFFIX);
});

it('a security group of the namespace sg-team does not begin with what EC2 keeps', async () => {
  const names = awsNames(await rendered({ name: 'a', namespace: 'sg-team' }, uploads));
  expect(names.filter(({ kind }) => kind === 'SecurityGroup').map(({ name }) => name)).toEqual([
    `n-sg-team-a-vm-${SUFFIX}`,
  ]);
});

describe('two claims never name the same thing', () => {
  const uid = 'ffffffff-4b5a-6978-8796-a5b4c3d2e1f0';
  const nothing = undefined;
  it.each([
    [
      'the same start, longer than any name',
      { name: `${'x'.repeat(200)}-a` },
      { name: `${'x'.repeat(200)}-b`, uid },
    ],
    ['the dash at another place', { namespace: 'a', name: 'b-c' }, { namespace: 'a-b', name: 'c', uid }],
    ['a dot for a dash', { name: 'a.b' }, { name: 'a-b', uid }],
    ['made again after deletion', { name: 'a' }, { name: 'a', uid }],
    [
      'offline, without uid',
      { namespace: 'a', name: 'b-c', uid: nothing },
      { namespace: 'a-b', name: 'c', uid: nothing },
    ],
  ])('%s', async (_why, one, other) => {
    expect(await shared(one, other)).toEqual([]);
  });

  it('but the same claim always does', async () => {
    expect((await shared({ name: 'a' }, { name: 'a' })).length).toBeGreaterThan(10);
  });
});

describe('identity', () => {
  it('without uid, as in an offline render, is made of namespace and name', () => {
    expect(identityOf({ metadata: { name: 'a', namespace: 'b' } })).toEqual({
      name: 'a',
      namespace: 'b',
      suffix: 'bc8a2f07',
    });
  });

  it('without metadata still is one', () => {
    expect(identityOf({})).toMatchObject({ name: 'unnamed', namespace: 'default' });
  });
});

it('names that the claim gives win, and are the ones in every ARN', async () => {
  const named = {
    ...everything,
    source: { bucketName: 'my-bucket' },
    workflow: { type: 'RecordFile', name: 'my-machine' },
    table: { name: 'My.Table' },
  };
  const resources = await rendered({}, named);
  const given = Object.fromEntries(awsNames(resources).map(({ key, name }) => [key, name]));
  expect(given).toMatchObject({ bucket: 'my-bucket', 'state-machine': 'my-machine', table: 'My.Table' });
  const text = JSON.stringify(resources);
  expect(text).toContain('arn:aws:s3:::my-bucket');
  expect(text).toContain(':stateMachine:my-machine');
  expect(text).toContain(':table/My.Table');
  const own = /(s3:::|stateMachine:|table\/|states\/)team-a-invoices-(files|workflow)/g;
  expect(text.match(own)).toBeNull();
});
