/** Things in AWS that a claim names: looked up first, and changed only where they are the claim's. */
import { describe, expect, it } from 'vitest';
import { ABSENT, claimOf, isLookedAt, made, type Observed, pending, render } from '../render.ts';
import { at, isObject, type Json, stringAt } from '../src/objects.ts';

const NAMED: Json = {
  region: 'eu-west-1',
  dataRetention: 'Delete',
  source: { bucketName: 'my-bucket' },
  table: { name: 'My.Table' },
  workflow: { type: 'RecordFile', name: 'my-machine' },
};
const IMAGES: Json = {
  region: 'eu-west-1',
  workflow: { type: 'ProcessImage', processImage: { destination: { bucketName: 'my-images' } } },
};
const named = (spec: Json = {}) => claimOf({ ...NAMED, ...spec });

/** Things that are in AWS already, by composition resource name, as the provider reports them. */
type World = Record<string, Json>;

/** Runs until nothing changes any more. */
async function settleIn(claim: Json, world: World, observed: Observed = {}) {
  for (let runs = 0; runs < 12; runs += 1) {
    const rendered = await render(claim, observed);
    const next = Object.fromEntries(
      Object.entries(rendered.resources).map(([key, manifest]) => [key, made(key, manifest, world)]),
    );
    if (JSON.stringify(next) === JSON.stringify(observed)) return { rendered, observed };
    observed = next;
  }
  throw new Error('it never came to rest');
}

const BUCKET: Json = { arn: 'arn:aws:s3:::my-bucket', bucketRegion: 'eu-west-1' };
const TABLE: Json = { arn: 'arn:aws:dynamodb:eu-west-1:111122223333:table/My.Table', hashKey: 'Filename' };
const MACHINE: Json = { arn: 'arn:aws:states:eu-west-1:111122223333:stateMachine:my-machine' };
const tagged = (thing: Json, owner: string): Json => ({
  ...thing,
  tagsAll: { 'fileingest.dev/pipeline': owner },
});

const policiesOf = (resource: Json | undefined) => at(resource, 'spec', 'managementPolicies');

describe('a name that the claim gives', () => {
  it('is looked up beside the roles and the code, and nothing is said of it but its region', async () => {
    const { resources, conditions } = await render(named());
    for (const key of ['bucket', 'table', 'state-machine']) {
      expect(resources[key]?.['spec']).toEqual({
        forProvider: { region: 'eu-west-1' },
        managementPolicies: ['Observe'],
        providerConfigRef: { kind: 'ClusterProviderConfig', name: 'default' },
      });
    }
    const kinds = Object.values(resources).map((resource) => resource['kind']);
    expect([...new Set(kinds)].toSorted()).toEqual(['Bucket', 'Object', 'Role', 'StateMachine', 'Table']);
    expect(conditions['StorageReady']).toBe(
      'False LookingUp: spec.source.bucketName: looking up whether there is a bucket "my-bucket".',
    );
  });

  it('costs a claim that names nothing no look', async () => {
    const { resources } = await render(claimOf({ region: 'eu-west-1', workflow: { type: 'RecordFile' } }));
    expect(Object.values(resources).some(isLookedAt)).toBe(false);
  });

  it('is made where there is nothing, and nothing that is there is changed meanwhile', async () => {
    const first = await render(named());
    const observed = Object.fromEntries(
      Object.entries(first.resources).map(([key, manifest]) => [key, made(key, manifest)]),
    );
    const { resources, conditions } = await render(named(), observed);
    for (const key of ['bucket', 'table', 'state-machine']) {
      expect(policiesOf(resources[key])).toEqual(['Observe', 'Create']);
      expect(at(resources[key], 'spec', 'forProvider', 'tags')).toBeDefined();
    }
    expect(resources['bucket-policy']).toBeUndefined();
    expect(conditions['StorageReady']).not.toContain(ABSENT);
  });

  it('becomes an ordinary resource once it is seen with the tag of the claim', async () => {
    const { rendered } = await settleIn(named(), {});
    expect(policiesOf(rendered.resources['bucket'])).toEqual(['Observe', 'Create', 'Update', 'Delete']);
    expect(rendered.compositeReady).toBe(true);
    expect(rendered.resources['bucket-policy']).toBeDefined();
  });

  it('is taken over where the tag names this claim, as after dataRetention Retain', async () => {
    const world = { bucket: tagged(BUCKET, 'team-a/invoices'), table: tagged(TABLE, 'team-a/invoices') };
    const { rendered } = await settleIn(named({ dataRetention: 'Retain' }), world);
    expect(policiesOf(rendered.resources['bucket'])).toEqual(['Observe', 'Create', 'Update']);
    expect(policiesOf(rendered.resources['table'])).toEqual(['Observe', 'Create', 'Update']);
    expect(rendered.compositeReady).toBe(true);
  });
});

describe('what is not ours', () => {
  it.each([
    {
      what: 'a bucket without a tag',
      spec: {},
      world: { bucket: BUCKET },
      area: 'StorageReady',
      says: 'spec.source.bucketName: Invalid value: "my-bucket": is a bucket that no FileIngestPipeline made, so it is left alone. Give another name, or set spec.source.adopt to use it as it is.',
    },
    {
      what: 'a bucket of another claim',
      spec: {},
      world: { bucket: tagged(BUCKET, 'team-b/orders') },
      area: 'StorageReady',
      says: 'spec.source.bucketName: Invalid value: "my-bucket": is a bucket that FileIngestPipeline team-b/orders made, so it is left alone. Give another name, or set spec.source.adopt to use it as it is.',
    },
    {
      what: 'a table',
      spec: {},
      world: { table: TABLE },
      area: 'StorageReady',
      says: 'spec.table.name: Invalid value: "My.Table": is a table that no FileIngestPipeline made, so it is left alone. Give another name, or set spec.table.adopt to use it as it is.',
    },
    {
      what: 'a state machine, which cannot be adopted',
      spec: {},
      world: { 'state-machine': MACHINE },
      area: 'WorkflowReady',
      says: 'spec.workflow.name: Invalid value: "my-machine": is a state machine that no FileIngestPipeline made, so it is left alone. Give another name.',
    },
    {
      what: 'a destination',
      spec: IMAGES,
      world: { 'destination-bucket': { arn: 'arn:aws:s3:::my-images' } },
      area: 'StorageReady',
      says: 'spec.workflow.processImage.destination.bucketName: Invalid value: "my-images": is a bucket that no FileIngestPipeline made, so it is left alone. Give another name, or set spec.workflow.processImage.destination.adopt to use it as it is.',
    },
  ])('$what is not touched, and nothing is made that hangs on it', async ({ spec, world, area, says }) => {
    const { rendered } = await settleIn(claimOf({ ...NAMED, ...spec }), world);
    expect(rendered.conditions[area]).toBe(`False NotOurs: ${says}`);
    expect(rendered.compositeReady).toBe(false);
    const [key = ''] = Object.keys(world);
    expect(isLookedAt(rendered.resources[key] ?? {})).toBe(true);
    const others = Object.entries(rendered.resources).filter(([one]) => !(one in world));
    const changes = others.filter(([, resource]) => !isLookedAt(resource)).map(([, { kind }]) => kind);
    // Only what has a name of the claim's own, and the things that were free.
    const made = [
      'Bucket',
      'Object',
      'Role',
      'StateMachine',
      'Table',
      ...(key === 'destination-bucket' ? ['Group'] : []),
    ];
    expect(changes.filter((kind) => !made.includes(String(kind)))).toEqual([]);
    const field = { bucket: 'bucket', table: 'table', 'state-machine': 'stateMachine' }[key];
    expect(rendered.status[field ?? 'destinationBucket']).toBeUndefined();
  });

  it('a bucket of another account says only that it may not be looked at', async () => {
    const { resources } = await render(named());
    const observed = {
      bucket: pending(resources['bucket'] ?? {}, 'observe failed: HeadBucket: StatusCode: 403, Forbidden'),
    };
    const { conditions } = await render(named(), observed);
    expect(conditions['StorageReady']).toBe(
      'False NotOurs: spec.source.bucketName: Invalid value: "my-bucket": is a bucket that these credentials may not look at, so it is left alone. Give another name, or set spec.source.adopt to use it as it is.',
    );
  });

  it('what another claim made in the same moment is seen by its tag, and left to it', async () => {
    const { observed } = await settleIn(named(), {});
    const bucket = observed['bucket'] ?? {};
    const block = (name: string) => {
      const found = bucket[name];
      return isObject(found) ? found : {};
    };
    const other: Json = {
      ...bucket,
      spec: { ...block('spec'), managementPolicies: ['Observe', 'Create'] },
      status: { ...block('status'), atProvider: tagged(BUCKET, 'team-b/orders') },
    };
    const { resources, conditions } = await render(named(), { ...observed, bucket: other });
    expect(isLookedAt(resources['bucket'] ?? {})).toBe(true);
    expect(conditions['StorageReady']).toContain(
      'False NotOurs: spec.source.bucketName: Invalid value: "my-bucket"',
    );
  });

  it('a failure to look is told as the provider tells it', async () => {
    const { resources } = await render(named());
    const observed = { bucket: pending(resources['bucket'] ?? {}, 'observe failed: no such host') };
    const { conditions, resources: again } = await render(named(), observed);
    expect(conditions['StorageReady']).toBe(
      'False ReconcileError: Bucket invoices-bucket-0f1e2d3c: observe failed: no such host',
    );
    expect(isLookedAt(again['bucket'] ?? {})).toBe(true);
  });
});

describe('what is adopted', () => {
  const adopting = (spec: Json = {}): Json =>
    claimOf({
      region: 'eu-west-1',
      dataRetention: 'Delete',
      source: { bucketName: 'my-bucket', adopt: true, trigger: 'EventBridge', prefix: 'in/' },
      table: { name: 'My.Table', adopt: true },
      workflow: { type: 'RecordFile' },
      ...spec,
    });
  const WORLD: World = { bucket: BUCKET, table: TABLE, notification: { eventbridge: true } };

  it('is used as it is: looked at for ever, never changed, emptied or deleted', async () => {
    const { rendered } = await settleIn(adopting(), WORLD);
    const { resources, status, compositeReady } = rendered;
    expect(compositeReady).toBe(true);
    expect(Object.keys(resources).filter((key) => isLookedAt(resources[key] ?? {}))).toEqual([
      'bucket',
      'table',
      'notification',
    ]);
    expect(Object.keys(resources).filter((key) => key.startsWith('bucket-'))).toEqual([]);
    expect(status['adopted']).toEqual(['bucket my-bucket', 'table My.Table']);
    expect(status).toMatchObject({ bucket: 'my-bucket', table: 'My.Table' });
    const rule = JSON.parse(stringAt(resources['upload-rule'], 'spec', 'forProvider', 'eventPattern') ?? '');
    expect(rule).toEqual({
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: ['my-bucket'] }, object: { key: [{ prefix: 'in/' }] } },
    });
  });

  it.each([
    {
      what: 'a bucket that tells EventBridge nothing',
      spec: {},
      world: { ...WORLD, notification: { eventbridge: false } },
      area: 'TriggerReady',
      says: 'NotUsable: spec.source.bucketName: Invalid value: "my-bucket": the bucket does not tell Amazon EventBridge of uploads. In the bucket\'s properties, set "Send notifications to Amazon EventBridge" to on; where a FileIngestPipeline made it, set that one\'s spec.source.trigger to EventBridge.',
    },
    {
      what: 'a bucket of another region',
      spec: {},
      world: { ...WORLD, bucket: { ...BUCKET, bucketRegion: 'us-east-1' } },
      area: 'StorageReady',
      says: 'NotUsable: spec.source.bucketName: Invalid value: "my-bucket": the bucket is in us-east-1, and the pipeline in eu-west-1. Name a bucket in eu-west-1.',
    },
    {
      what: 'a table with another key',
      spec: {},
      world: { ...WORLD, table: { ...TABLE, hashKey: 'pk' } },
      area: 'StorageReady',
      says: 'NotUsable: spec.table.name: Invalid value: "My.Table": the table has the partition key pk, and table.partitionKey is Filename. Set that to pk.',
    },
    {
      what: 'a table with a sort key',
      spec: {},
      world: { ...WORLD, table: { ...TABLE, rangeKey: 'sk' } },
      area: 'StorageReady',
      says: 'NotUsable: spec.table.name: Invalid value: "My.Table": the table has the sort key sk. Name a table that has a partition key alone.',
    },
    {
      what: 'a bucket without versions, for images',
      spec: { workflow: { type: 'ProcessImage' } },
      world: WORLD,
      area: 'StorageReady',
      says: 'NotUsable: spec.source.bucketName: Invalid value: "my-bucket": the bucket keeps no versions, and type ProcessImage needs them. Enable versioning on the bucket.',
    },
    {
      what: 'nothing at all',
      spec: {},
      world: { table: TABLE },
      area: 'StorageReady',
      says: 'NotFound: spec.source.bucketName: Invalid value: "my-bucket": there is no such bucket to adopt. Create it, or remove spec.source.adopt to have it made.',
    },
  ])('$what: the condition says so, and no file is taken', async ({ spec, world, area, says }) => {
    const { rendered } = await settleIn(adopting(spec), world);
    expect(rendered.conditions[area]).toBe(`False ${says}`);
    expect(rendered.resources['upload-target']).toBeUndefined();
    expect(rendered.compositeReady).toBe(false);
  });

  it('is looked up, and not yet found wanting, until the provider has looked', async () => {
    const { observed } = await settleIn(adopting(), WORLD);
    const { status: _, ...notification } = observed['notification'] ?? {};
    const { conditions } = await render(adopting(), { ...observed, notification });
    expect(conditions['TriggerReady']).toBe(
      'False LookingUp: spec.source.bucketName: looking up whether bucket "my-bucket" tells EventBridge of uploads.',
    );
  });

  it('RunScript serves its page once the bucket of another takes what browsers send', async () => {
    const spec: Json = {
      source: {
        ...{ bucketName: 'my-bucket', adopt: true, trigger: 'EventBridge' },
        upload: { authorization: { type: 'None' } },
      },
      table: {},
      workflow: { type: 'RunScript', runScript: { network: { publicAddress: true } } },
    };
    const { rendered, observed } = await settleIn(adopting(spec), WORLD);
    expect(rendered.resources['bucket-cors']).toBeUndefined();
    expect(rendered.resources['api-stage']).toBeUndefined();
    expect(rendered.conditions['TriggerReady']).toBe(
      'False WaitingForCors: api-stage waits for spec.source.bucketName: an adopted bucket keeps its CORS rules. Add a CORS rule to bucket "my-bucket" with method POST, header * and these origins: https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com.',
    );
    const corsRule = [
      {
        allowedMethods: ['POST'],
        allowedOrigins: ['https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com'],
      },
    ];
    const after = await settleIn(adopting(spec), { ...WORLD, bucket: { ...BUCKET, corsRule } }, observed);
    expect(after.rendered.compositeReady).toBe(true);
  });

  it('stays untouched when the claim no longer adopts it, and what was made for it stays', async () => {
    const { observed, rendered } = await settleIn(adopting(), WORLD);
    const source = { bucketName: 'my-bucket', trigger: 'EventBridge', prefix: 'in/' };
    const { rendered: after } = await settleIn(adopting({ source }), WORLD, observed);
    expect(after.conditions['StorageReady']).toContain(
      'False NotOurs: spec.source.bucketName: Invalid value: "my-bucket"',
    );
    expect(Object.keys(after.resources)).toEqual(Object.keys(rendered.resources));
    expect(['bucket', 'table', 'notification'].every((key) => isLookedAt(after.resources[key] ?? {}))).toBe(
      true,
    );
  });
});
