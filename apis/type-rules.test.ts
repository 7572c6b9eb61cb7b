/** The rules that tell the workflow types apart: what they let through, and that they say what the code does. */
import { describe, expect, it } from 'vitest';
import { claimOf, settle } from '../function/render.ts';
import { WORKFLOW_TYPES } from '../function/src/generated/api.ts';
import { at, type Json, stringAt } from '../function/src/objects.ts';
import { completeSpec } from '../function/src/read-spec.ts';
import type { Workflow, WorkflowType } from '../function/src/workflow.ts';
import { WORKFLOWS } from '../function/src/workflows/index.ts';
import { definitionOf, statesOf } from '../function/tests/machines.ts';
import { admit, readSpecSchema } from './admission.ts';
import { readDefinition, schemasOf } from './definition.ts';
import { SMALLEST_OF, specOf } from './refusals/refusal.ts';
import type { StructuralSchema } from './structural-schema.ts';

type Type = WorkflowType;
const TYPES = WORKFLOW_TYPES;

const claim = (fields: Json) => claimOf({ region: 'eu-west-1', ...fields });
const errorsOf = (fields: Json, before?: Json) => {
  const admitted = admit(claim(fields), before && claim(before));
  return 'errors' in admitted ? admitted.errors : [];
};
/** Errors of the smallest claim of a type with this table. */
const tableErrors = (type: Type, table: Json, before?: Json) =>
  errorsOf({ ...SMALLEST_OF[type], table }, before && { ...SMALLEST_OF[type], table: before });

const jwt = { type: 'JWT', issuer: 'https://login.example.com/pool', audience: ['uploads'] };
const network = { vpcId: 'vpc-0a1b2c3d', subnetId: 'subnet-0a1b2c3d', publicAddress: null };
const imageUri = `111122223333.dkr.ecr.eu-west-1.amazonaws.com/parse@sha256:${'a'.repeat(64)}`;
const kmsKeyArn = 'arn:aws:kms:eu-west-1:111122223333:key/files';

const processImage = (fields: Json) => specOf('ProcessImage', { workflow: { processImage: fields } });
const runScript = (fields: Json) => specOf('RunScript', { workflow: { runScript: fields } });
const upload = (fields: Json) => specOf('RunScript', { source: { upload: fields } });
const custom = (fields: Json) => specOf('Custom', { workflow: { custom: fields } });
/** A spec of type Custom whose only function is right but for these settings. */
const customFunction = (fields: Json) => {
  const code = { bucket: 'orders-code', key: 'parse.zip', sha256: 'a'.repeat(64) };
  return custom({
    functions: [{ name: 'parse', runtime: 'nodejs24.x', handler: 'index.handler', code, ...fields }],
  });
};

const kept: [why: string, fields: Json][] = [
  ...TYPES.map((type): [string, Json] => [`the smallest ${type}`, SMALLEST_OF[type]]),
  ['messages by Express', { workflow: { type: 'RecordMessage', execution: 'Express', name: 'greet' } }],
  ['images by Standard', { workflow: { type: 'ProcessImage', execution: 'Standard', name: 'resize' } }],
  ['messages, their source written out', { ...SMALLEST_OF.RecordMessage, source: { versioning: true } }],
  ['images with memory enough', { ...SMALLEST_OF.ProcessImage, functions: { memoryMB: 512 } }],
  ['other types with little memory', { ...SMALLEST_OF.Custom, functions: { memoryMB: 128 } }],
  [
    'images of two named buckets',
    { ...processImage({ destination: { bucketName: 'images-out' } }), source: { bucketName: 'images-in' } },
  ],
  ['quarantine with the default prefix', processImage({ otherFiles: 'Quarantine' })],
  ['quarantine with a prefix', processImage({ otherFiles: 'Quarantine', quarantinePrefix: 'no/images/' })],
  ['a layer of one kind', processImage({ layer: { bucket: 'platform-layers', key: 'sharp.zip' } })],
  ['uploads with tokens', upload({ authorization: jwt })],
  ['uploads with signed requests', upload({ authorization: { type: 'IAM' } })],
  [
    'uploads that expire in a bucket of a name',
    {
      ...SMALLEST_OF.RunScript,
      source: { ...SMALLEST_OF.RunScript.source, bucketName: 'uploads', expireAfterDays: 1, kmsKeyArn },
    },
  ],
  ['a script with its VPC', runScript({ network })],
  ['a script with its VPC and a public address', runScript({ network: { ...network, publicAddress: true } })],
  ['a script inline', runScript({ script: '#!/bin/bash\ntrue\n' })],
  ['a script in S3', runScript({ scriptLocation: { bucket: 'my-scripts', key: 'append.sh' } })],
  ['files for a custom workflow', { ...custom({}), source: { prefix: 'in/', suffixes: ['.csv'] } }],
  ['no files for a custom workflow', custom({ trigger: 'None' })],
  ['a function with a zip', customFunction({})],
  ['a function with an image', custom({ functions: [{ name: 'parse', imageUri }] })],
  ['a function whose name only has a kept word inside', customFunction({ name: 'table-writer' })],
  ['environment variables', customFunction({ environment: { TABLE_NAME: 'x', a1: '', MY_AWS_KEY: 'x' } })],
];

const same: [why: string, before: Json, after: Json][] = [
  [
    'the default execution of images written out',
    SMALLEST_OF.ProcessImage,
    { workflow: { type: 'ProcessImage', execution: 'Express' } },
  ],
  ['image settings given later', SMALLEST_OF.ProcessImage, processImage({ width: 200, formats: ['PNG'] })],
  [
    'image settings beside a named destination',
    processImage({ destination: { bucketName: 'images-out' } }),
    processImage({ destination: { bucketName: 'images-out' }, suffix: '-tiny' }),
  ],
  ['another subnet', runScript({ network }), runScript({ network: { ...network, subnetId: 'subnet-0f' } })],
  ['another authorization', SMALLEST_OF.RunScript, upload({ authorization: jwt })],
  ['the default trigger written out', custom({}), custom({ trigger: 'Upload' })],
  ['another definition', custom({}), custom({ definition: { StartAt: 'A', States: {} } })],
];

describe('rules of the types', () => {
  it.each(kept)('let through: %s', (_why, fields) => {
    expect(errorsOf(fields)).toEqual([]);
  });

  it.each(same)('let through as a change: %s', (_why, before, after) => {
    expect(errorsOf(after, before)).toEqual([]);
  });

  it('say of another type only that', () => {
    const changes = TYPES.flatMap((from) =>
      TYPES.filter((to) => to !== from).map((to) => errorsOf(SMALLEST_OF[to], SMALLEST_OF[from])),
    );
    const told = changes.map((errors) =>
      errors.map((error) => error.replace(/^\S+: Invalid value: .*?: /, '')),
    );
    expect(told).toEqual(changes.map(() => ['type must not be changed. Create another FileIngestPipeline.']));
  });
});

describe('the defaults in the rules are those of the function', () => {
  const completed = (type: Type) => completeSpec(claim(SMALLEST_OF[type]));

  it.each(TYPES)('partition key of %s', (type) => {
    const { partitionKey } = completed(type).table;
    expect(tableErrors(type, { partitionKey }, {})).toEqual([]);
    expect(tableErrors(type, {}, { partitionKey })).toEqual([]);
    const other = partitionKey === 'id' ? 'Filename' : 'id';
    expect(tableErrors(type, { partitionKey: other }, {})).toEqual([
      expect.stringMatching(/: table\.partitionKey must not be changed\./),
    ]);
    expect(tableErrors(type, { timeToLiveAttribute: partitionKey })).toEqual([
      expect.stringMatching(/: table\.timeToLiveAttribute must differ from table\.partitionKey\./),
    ]);
    expect(tableErrors(type, { timeToLiveAttribute: other })).toEqual([]);
  });

  it.each(TYPES.filter((type) => WORKFLOWS[type].executions.length > 0))('execution of %s', (type) => {
    const { execution } = completed(type).workflow;
    const { workflow } = SMALLEST_OF[type];
    const written = (other: string) => ({ workflow: { ...workflow, execution: other } });
    expect(errorsOf(written(execution), SMALLEST_OF[type])).toEqual([]);
    expect(errorsOf(SMALLEST_OF[type], written(execution))).toEqual([]);
    expect(errorsOf(written(execution === 'Express' ? 'Standard' : 'Express'), SMALLEST_OF[type])).toEqual([
      expect.stringMatching(/: execution must not be changed/),
    ]);
  });
});

/** What has to be changed where a rule is not what a type does. */
const FIX = 'apis/definition.yaml: the rules of spec and of spec.workflow have to name the type';

describe('the rules say what a type makes', () => {
  const renderedBy = async (type: Type) =>
    Object.keys((await settle(claim(SMALLEST_OF[type]))).rendered.resources);

  it.each(TYPES)('%s: executions and a name, where there is a state machine', async (type) => {
    const executions: readonly string[] = WORKFLOWS[type].executions;
    const { workflow } = SMALLEST_OF[type];
    const isTaken = (fields: Json) =>
      errorsOf({ ...SMALLEST_OF[type], workflow: { ...workflow, ...fields } });
    for (const execution of ['Standard', 'Express', 'Direct'])
      expect(isTaken({ execution }).length === 0, `${FIX}, for execution ${execution}`).toBe(
        executions.includes(execution),
      );
    const has = (await renderedBy(type)).includes('state-machine');
    expect(executions.length > 0, 'executions in function/src/workflows').toBe(has);
    expect(isTaken({ name: 'machine' }).length === 0, `${FIX}, for workflow.name`).toBe(has);
    const fields = { ...SMALLEST_OF[type], observability: { includeExecutionData: true } };
    expect(errorsOf(fields).length === 0, `${FIX}, for observability.includeExecutionData`).toBe(has);
  });

  it.each(TYPES)('%s: settings of the bucket, where there is one', async (type) => {
    const fields: Json = SMALLEST_OF[type];
    const source = { ...Object(fields['source']), bucketName: 'somewhere' };
    const has = (await renderedBy(type)).includes('bucket');
    expect(errorsOf({ ...fields, source }).length === 0, `${FIX}, for source`).toBe(has);
  });

  it.each(TYPES)('%s: versions, where uploads are deleted', (type) => {
    const { deletesUploads = false }: Workflow = WORKFLOWS[type];
    const fields: Json = SMALLEST_OF[type];
    if (errorsOf({ ...fields, source: { ...Object(fields['source']), versioning: true } }).length > 0) return;
    const source = { ...Object(fields['source']), versioning: false };
    const isRefused = errorsOf({ ...fields, source }).some((error) => error.includes('deletes each file'));
    expect(isRefused, `${FIX}, for source.versioning`).toBe(deletesUploads);
  });

  it('the descriptions name the types that differ', () => {
    const { workflow, table } = readSpecSchema().properties ?? {};
    const of = (schema: StructuralSchema | undefined, field: string) =>
      schema?.properties?.[field]?.description ?? '';
    for (const type of TYPES) {
      const { partitionKey, executions }: Workflow = WORKFLOWS[type];
      expect(of(workflow, 'type'), 'apis/definition.yaml: workflow.type').toContain(type);
      if (partitionKey !== 'id')
        expect(of(table, 'partitionKey'), 'apis/definition.yaml: table.partitionKey').toContain(type);
      if (executions.length > 0 && executions[0] !== 'Standard')
        expect(of(workflow, 'execution'), 'apis/definition.yaml: workflow.execution').toContain(type);
    }
  });
});

describe('the attributes that the rules keep are those that the code writes', () => {
  const rules = schemasOf(readDefinition()).spec['x-kubernetes-validations'] ?? [];
  const reserving = rules.filter(({ message }) => message.includes('that each item has anyway'));
  const words = reserving.flatMap(({ rule }) => [...rule.matchAll(/'(\w+)'/g)].map(([, word = '']) => word));
  const attributes = TYPES.flatMap((type): readonly string[] => WORKFLOWS[type].attributes);
  const candidates = [...new Set([...words, ...attributes])]
    .filter((word) => !TYPES.some((type) => type === word))
    .sort();

  /** Those that a claim may not name. */
  const taken = (type: Type, field: string) =>
    candidates.filter((name) =>
      tableErrors(type, { [field]: name }).some((error) => /each item has/.test(error)),
    );

  /** What the states of the state machine put, beside the partition key. */
  async function put(type: Type): Promise<string[]> {
    const { rendered } = await settle(claim({ ...SMALLEST_OF[type], table: { partitionKey: 'the-key' } }));
    const states = statesOf(definitionOf(rendered.resources))
      .map((named) => named.state)
      .filter((one) => stringAt(one, 'Resource')?.endsWith(':dynamodb:putItem'));
    const names = states.flatMap((state) => Object.keys(Object(at(state, 'Parameters', 'Item') ?? {})));
    return [...new Set(names)].filter((name) => name !== 'the-key');
  }

  it('is asked of both fields', () => {
    expect(reserving).toHaveLength(2);
    expect(candidates.length).toBeGreaterThan(25);
  });

  it.each(TYPES)('%s', (type) => {
    const own = [...WORKFLOWS[type].attributes].sort();
    expect(taken(type, 'partitionKey')).toEqual(own);
    expect(taken(type, 'timeToLiveAttribute')).toEqual(own);
  });

  // What the states of Custom write is the user's own, and RunScript has no states: its handlers share the list.
  it.each(TYPES.filter((type) => type !== 'Custom' && WORKFLOWS[type].executions.length > 0))(
    '%s: what its states put is what its file in function/src/workflows says',
    async (type) => {
      expect((await put(type)).sort()).toEqual([...WORKFLOWS[type].attributes].sort());
    },
  );
});

describe('the names that the rules keep from functions', () => {
  const refused = (name: string) => errorsOf(customFunction({ name })).length > 0;

  it('are all that the pipeline gives to something of its own, or to what a function has', async () => {
    const everything = {
      ...customFunction({ name: 'parse' }),
      source: { expireAfterDays: 30 },
      table: { billing: { mode: 'Provisioned', read: { min: 1, max: 2 }, write: { min: 1, max: 2 } } },
      observability: { tracing: true, alarms: { enabled: true } },
    };
    const { rendered } = await settle(claim(everything));
    const keys = Object.keys(rendered.resources);
    const ofFunction = keys.filter((key) => key.startsWith('parse-')).map((key) => key.slice('parse'.length));
    expect(ofFunction).toEqual(expect.arrayContaining(['-role', '-policy', '-logs', '-errors-alarm']));
    const own = keys.filter((key) => key !== 'parse' && !key.startsWith('parse-'));
    // A function of a key's name, and one whose role, policy, logs or alarm would have it.
    const stems = own.flatMap((key) =>
      ofFunction.filter((end) => key.endsWith(end)).map((end) => key.slice(0, -end.length)),
    );
    const possible = [...own, ...stems, ...ofFunction.map((end) => `a${end}`)].filter(
      (name) => name.length <= 20,
    );
    expect(possible).toEqual(expect.arrayContaining(['bucket', 'table', 'state-machine', 'a-role']));
    expect(possible.filter((name) => !refused(name))).toEqual([]);
  });
});
