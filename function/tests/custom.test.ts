import { describe, expect, it } from 'vitest';
import { claimOf, made, type Observed, render, settle } from '../render.ts';
import { at, isObject, type Json } from '../src/objects.ts';
import { definitionOf, machine } from './machines.ts';
import { grants, statementsOf } from './policies.ts';

const NAME = 'team-a-invoices';
const SUFFIX = '0f1e2d3c';
const TABLE = `arn:aws:dynamodb:eu-west-1:111122223333:table/${NAME}-items-${SUFFIX}`;
const BUCKET = `arn:aws:s3:::${NAME}-files-${SUFFIX}`;
const FUNCTION = `arn:aws:lambda:eu-west-1:111122223333:function:${NAME}-parse-${SUFFIX}`;
const QUEUE = `arn:aws:sqs:eu-west-1:111122223333:${NAME}-dead-letters-${SUFFIX}`;
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/a';

/** A substitution; a plain string with these marks looks like a template string that lost its quotes. */
const sub = (name: string) => `\${${name}}`;

const put: Json = {
  Type: 'Task',
  Resource: 'arn:aws:states:::dynamodb:putItem',
  Parameters: { TableName: sub('Table.Name'), Item: { id: { 'S.$': '$.key' } } },
  ResultPath: null,
  End: true,
};
const invoke: Json = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: sub('Functions.parse.Arn'), 'Payload.$': '$' },
  Next: 'Put',
};
const code = { bucket: 'releases', key: 'parse-1.zip', sha256: 'ab'.repeat(32) };
const parse = { name: 'parse', runtime: 'python3.13', handler: 'app.handler', code };

const specOf = (custom: Json, more: Json = {}): Json => ({
  region: 'eu-west-1',
  ...more,
  workflow: { type: 'Custom', ...(isObject(more['workflow']) ? more['workflow'] : {}), custom },
});
const settled = async (custom: Json, more: Json = {}) =>
  (await settle(claimOf(specOf(custom, more)))).rendered;
const fatal = async (custom: Json, more: Json = {}) =>
  (await render(claimOf(specOf(custom, more)))).fatal.flatMap((message) => message.split('\n'));
const field = (manifest: Json | undefined, ...path: string[]) => at(manifest, 'spec', 'forProvider', ...path);

/** What the state machine's role may do, beside logs. */
const roleGrants = (resources: Record<string, Json>) =>
  grants(statementsOf(resources['state-machine-policy'], 'policy')).filter(
    (line) => !line.startsWith('logs:'),
  );
const DEAD_LETTERS = `sqs:SendMessage on ${QUEUE}`;

describe('trigger Upload', () => {
  it('starts an execution for each file, with the names of what was made in the definition', async () => {
    const { resources, fatal } = await settled({ definition: machine({ Put: put }) });
    expect(fatal).toEqual([]);
    expect(definitionOf(resources)).toEqual(
      machine({
        Put: {
          ...put,
          Parameters: { TableName: `${NAME}-items-${SUFFIX}`, Item: { id: { 'S.$': '$.key' } } },
        },
      }),
    );
    expect(field(resources['notification'], 'lambdaFunction')).toMatchObject([
      {
        lambdaFunctionArn: `arn:aws:lambda:eu-west-1:111122223333:function:${NAME}-start-workflow-${SUFFIX}`,
      },
    ]);
    expect(roleGrants(resources)).toEqual([`dynamodb:PutItem on ${TABLE}`, DEAD_LETTERS]);
  });

  it('takes no files before the workflow and all of its functions are there', async () => {
    const claim = claimOf(specOf({ definition: machine({ Parse: invoke, Put: put }), functions: [parse] }));
    const { observed } = await settle(claim);
    for (const key of ['table', 'parse', 'parse-policy', 'state-machine', 'state-machine-policy']) {
      const { [key]: _, notification: __, ...others } = observed;
      expect((await render(claim, others)).resources['notification']).toBeUndefined();
    }
    const { notification: _, ...others } = observed;
    expect((await render(claim, others)).resources['notification']).toBeDefined();
  });
});

describe('trigger None', () => {
  it('makes no bucket, no starter and no code', async () => {
    const { resources } = await settled({ trigger: 'None', definition: machine({ Put: put }) });
    expect(Object.keys(resources).sort()).toEqual([
      'dead-letter-queue',
      'state-machine',
      'state-machine-logs',
      'state-machine-policy',
      'state-machine-role',
      'table',
    ]);
  });

  it('knows no bucket', async () => {
    const definition = machine({ Say: { Type: 'Pass', Result: sub('Bucket.Name'), End: true } });
    expect(await fatal({ trigger: 'None', definition })).toEqual([
      `spec.workflow.custom.definition.States.Say.Result: Invalid value: "${sub('Bucket.Name')}": is not a substitution. There are: Table.Name, Table.Arn, DeadLetterQueue.Url, DeadLetterQueue.Arn. Write $${sub('').slice(0, 2)} for a plain ${sub('').slice(0, 2)}.`,
    ]);
  });
});

describe('functions', () => {
  const definition = machine({ Parse: invoke, Put: put });
  const rendered = async (fields: Json, more: Json = {}) =>
    (await settled({ definition, functions: [{ ...parse, ...fields }] }, more)).resources;

  it('run a zip, which the provider knows by its digest', async () => {
    expect(field((await rendered({}))['parse'])).toMatchObject({
      packageType: 'Zip',
      runtime: 'python3.13',
      handler: 'app.handler',
      s3Bucket: 'releases',
      s3Key: 'parse-1.zip',
      sourceCodeHash: Buffer.from(code.sha256, 'hex').toString('base64'),
      memorySize: 256,
      timeout: 30,
    });
  });

  it('run an image, and then have neither runtime nor handler', async () => {
    const imageUri = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/parse:1';
    const { resources } = await settled({ definition, functions: [{ name: 'parse', imageUri }] });
    const fields = field(resources['parse']);
    expect(fields).toMatchObject({ packageType: 'Image', imageUri });
    expect(Object.keys(isObject(fields) ? fields : {})).not.toEqual(
      expect.arrayContaining(['runtime', 'handler', 's3Bucket']),
    );
  });

  it.each([
    ['nothing is said', {}, {}, [256, 30]],
    ['all functions have it', {}, { functions: { memoryMB: 512, timeoutSeconds: 60 } }, [512, 60]],
    ['this one has it', { memoryMB: 1024, timeoutSeconds: 90 }, {}, [1024, 90]],
    [
      'both say it',
      { memoryMB: 128, timeoutSeconds: 3 },
      { functions: { memoryMB: 512, timeoutSeconds: 60 } },
      [128, 3],
    ],
  ])('have their memory and time where %s', async (_why, fields, more, [memory, timeout]) => {
    expect(field((await rendered(fields, more))['parse'])).toMatchObject({ memorySize: memory, timeout });
  });

  it('have substitutions in their environment', async () => {
    const environment = { TABLE: sub('Table.Name'), QUEUE: sub('DeadLetterQueue.Url'), PLAIN: 'x' };
    expect(field((await rendered({ environment }))['parse'], 'environment', 'variables')).toEqual({
      TABLE: `${NAME}-items-${SUFFIX}`,
      QUEUE: `https://sqs.eu-west-1.amazonaws.com/111122223333/${NAME}-dead-letters-${SUFFIX}`,
      PLAIN: 'x',
    });
  });

  it('may write their log and do what the claim says, no more', async () => {
    const policyStatements = [
      {
        actions: ['s3:GetObject'],
        resources: [`${sub('Bucket.Arn')}/*`],
        conditions: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
      },
    ];
    const resources = await rendered({ policyStatements });
    const logs = `arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/${NAME}-parse-${SUFFIX}:*`;
    expect(grants(statementsOf(resources['parse-policy'], 'policy'))).toEqual([
      `logs:CreateLogStream on ${logs}`,
      `logs:PutLogEvents on ${logs}`,
      `s3:GetObject on ${BUCKET}/* if {"StringEquals":{"aws:RequestedRegion":"eu-west-1"}}`,
    ]);
    expect(roleGrants(resources)).toEqual([
      `dynamodb:PutItem on ${TABLE}`,
      `lambda:InvokeFunction on ${FUNCTION}`,
      DEAD_LETTERS,
    ]);
  });
});

describe('the state machine’s role', () => {
  it('may use the keys of the table and the bucket, where it uses what is in them', async () => {
    const get: Json = {
      Type: 'Task',
      Resource: 'arn:aws:states:::aws-sdk:s3:getObject',
      Parameters: { Bucket: sub('Bucket.Name'), 'Key.$': '$.key' },
      ResultPath: null,
      Next: 'Put',
    };
    const keys = { source: { kmsKeyArn: KEY }, table: { kmsKeyArn: KEY } };
    const both = roleGrants((await settled({ definition: machine({ Get: get, Put: put }) }, keys)).resources);
    expect(
      both.filter((line) => line.startsWith('kms:')).map((line) => line.replace(/ on .* if /, ' ')),
    ).toEqual([
      ...['Decrypt', 'DescribeKey', 'Encrypt', 'GenerateDataKey*', 'ReEncrypt*'].map(
        (action) => `kms:${action} {"StringEquals":{"kms:ViaService":"dynamodb.eu-west-1.amazonaws.com"}}`,
      ),
      ...['Decrypt', 'GenerateDataKey'].map(
        (action) => `kms:${action} {"StringEquals":{"kms:ViaService":"s3.eu-west-1.amazonaws.com"}}`,
      ),
    ]);
    const none = roleGrants(
      (await settled({ definition: machine({ End: { Type: 'Succeed' } }) }, keys)).resources,
    );
    expect(none).toEqual([DEAD_LETTERS]);
  });

  it('may do what the claim adds, with substitutions', async () => {
    const policyStatements = [
      { actions: ['glue:StartJobRun'], resources: ['*'] },
      { actions: ['sqs:GetQueueUrl'], resources: [sub('DeadLetterQueue.Arn')] },
    ];
    const run = {
      Type: 'Task',
      Resource: 'arn:aws:states:::glue:startJobRun',
      Parameters: { JobName: 'x' },
      End: true,
    };
    const { resources } = await settled({ definition: machine({ Run: run }), policyStatements });
    expect(roleGrants(resources)).toEqual([
      'glue:StartJobRun on *',
      `sqs:GetQueueUrl on ${QUEUE}`,
      DEAD_LETTERS,
    ]);
  });
});

describe('the definition', () => {
  it('is the same text in each run', async () => {
    const custom = { definition: machine({ Parse: invoke, Put: put }), functions: [parse] };
    const [first, second] = [await settled(custom), await settled(custom)];
    expect(field(first.resources['state-machine'], 'definition')).toBe(
      field(second.resources['state-machine'], 'definition'),
    );
  });

  it('may say null as a text, which an update by kubectl would lose', async () => {
    const text = machine({
      Both: {
        Type: 'Parallel',
        Branches: [
          machine({
            A: {
              ...put,
              ResultPath: 'null',
              Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: 'null', Next: 'B' }],
            },
            B: { Type: 'Pass', Result: 'null', End: true },
          }),
        ],
        InputPath: 'null',
        Next: 'All',
      },
      All: {
        Type: 'Map',
        ItemProcessor: machine({
          C: { Type: 'Pass', OutputPath: 'null', Parameters: { ResultPath: 'null' }, End: true },
        }),
        ResultPath: 'null',
        End: true,
      },
    });
    const found = JSON.stringify(definitionOf((await settled({ definition: text })).resources));
    expect(found.match(/"(\w+)":null/g)?.toSorted()).toEqual([
      '"InputPath":null',
      '"OutputPath":null',
      '"ResultPath":null',
      '"ResultPath":null',
      '"ResultPath":null',
    ]);
    expect(found.match(/"(\w+)":"null"/g)?.toSorted()).toEqual(['"Result":"null"', '"ResultPath":"null"']);
  });

  it('may be of Express executions', async () => {
    const { resources } = await settled(
      { definition: machine({ Put: put }) },
      { workflow: { execution: 'Express' } },
    );
    expect(field(resources['state-machine'], 'type')).toBe('EXPRESS');
  });
});

describe('what is wrong is told, all at once', () => {
  const DEFINITION = 'spec.workflow.custom.definition';

  it('in the definition', async () => {
    const definition = machine({ A: { Type: 'Pass', Next: 'B' }, C: { Type: 'Pass', End: true } });
    expect(await fatal({ definition })).toEqual([
      `${DEFINITION}.States.A.Next: Invalid value: "B": is not the name of a state. There are: A, C.`,
      `${DEFINITION}.States.C: Invalid value: "C": is reached from no state. Point a Next at it, or remove it.`,
      `${DEFINITION}.States: Invalid value: "A": starts what never ends. Give the last state End: true, or go to a Succeed or Fail state.`,
    ]);
  });

  it('in the substitutions of everything that has them', async () => {
    const wrong = sub('Table.Nam');
    const messages = await fatal({
      definition: machine({ A: { Type: 'Pass', Result: wrong, End: true } }),
      policyStatements: [
        { actions: ['s3:GetObject'], resources: ['x', wrong] },
        { actions: ['s3:GetObject'], resources: ['no-arn'] },
      ],
      functions: [
        {
          ...parse,
          environment: { A: wrong },
          policyStatements: [{ actions: ['s3:GetObject'], resources: [wrong] }],
        },
      ],
    });
    expect(messages.map((message) => message.split(': ')[0])).toEqual([
      'spec.workflow.custom.policyStatements[0].resources[1]',
      'spec.workflow.custom.policyStatements[1].resources[0]',
      `${DEFINITION}.States.A.Result`,
      'spec.workflow.custom.functions[0].environment.A',
      'spec.workflow.custom.functions[0].policyStatements[0].resources[0]',
    ]);
    expect(messages[0]).toContain('Did you mean Table.Name?');
    expect(messages[1]).toBe(
      'spec.workflow.custom.policyStatements[1].resources[0]: Invalid value: "no-arn": must be an ARN, or * for everything. Write one of them.',
    );
  });

  it('in an environment that is larger than Lambda takes', async () => {
    const definition = machine({ Put: put });
    const environment = (bytes: number) => ({ LONG: 'x'.repeat(bytes - 4), ONE: 'y' });
    expect(await fatal({ definition, functions: [{ ...parse, environment: environment(4092) }] })).toEqual(
      [],
    );
    expect(await fatal({ definition, functions: [{ ...parse, environment: environment(4093) }] })).toEqual([
      'spec.workflow.custom.functions[0].environment: Too long: must have at most 4096 bytes, but has 4097. Shorten the values, or read them from S3 or SSM.',
    ]);
  });

  it('in what cannot be derived, unless the claim allows it', async () => {
    const dynamic = { ...put, Parameters: { 'TableName.$': '$.table', Item: {} } };
    const custom = { definition: machine({ Put: dynamic }) };
    expect(await fatal(custom)).toEqual([
      `${DEFINITION}.States.Put.Parameters.TableName.$: Invalid value: "$.table": must say the resource before the execution. Write a constant, or allow dynamodb:PutItem in spec.workflow.custom.policyStatements.`,
    ]);
    const policyStatements = [{ actions: ['dynamodb:PutItem'], resources: [sub('Table.Arn')] }];
    expect(await fatal({ ...custom, policyStatements })).toEqual([]);
  });

  it('in what starts itself, where uploads start it', async () => {
    const copy: Json = {
      Type: 'Task',
      Resource: 'arn:aws:states:::aws-sdk:s3:copyObject',
      Parameters: { Bucket: sub('Bucket.Name'), Key: 'copies/a', CopySource: `${sub('Bucket.Name')}/a` },
      End: true,
    };
    const custom = { definition: machine({ Copy: copy }) };
    expect(await fatal(custom)).toEqual([
      `${DEFINITION}.States.Copy.Parameters.Key: Invalid value: "copies/a": must not start this state machine again and again, but is in the bucket whose files start it. Set spec.source.prefix and write below another one, or write into another bucket.`,
    ]);
    expect(await fatal(custom, { source: { prefix: 'in/' } })).toEqual([]);
    expect(await fatal(custom, { source: { suffixes: ['.csv'] } })).toEqual([]);
    const own = { bucketName: 'orders', prefix: 'cop' };
    expect(await fatal(custom, { source: own })).toHaveLength(1);
  });

  it('ten at most, and how many more', async () => {
    const States = Object.fromEntries(
      Array.from({ length: 15 }, (_, index) => [`S${index}`, { Type: 'Pass', End: true }]),
    );
    const messages = await fatal({ definition: { StartAt: 'S0', States } });
    expect(messages).toHaveLength(11);
    expect(messages.at(-1)).toBe('and 4 more.');
  });

  it('and nothing is made or unmade meanwhile', async () => {
    const right = claimOf(specOf({ definition: machine({ Put: put }) }));
    const { observed } = await settle(right);
    const after = await render(claimOf(specOf({ definition: {} })), observed);
    expect(after.resources).toEqual({});
    expect(after.fatal).toHaveLength(1);
  });
});

describe('a changed claim', () => {
  it('keeps everything that is there, and gives the machine its new definition', async () => {
    const before = await settle(claimOf(specOf({ definition: machine({ Put: put }) })));
    const claim = claimOf(specOf({ definition: machine({ Parse: invoke, Put: put }), functions: [parse] }));
    const observed: Observed = Object.fromEntries(
      Object.entries(before.observed).map(([key, one]) => [key, made(key, one)]),
    );
    const after = await render(claim, observed);
    expect(Object.keys(after.resources)).toEqual(
      expect.arrayContaining(Object.keys(before.rendered.resources)),
    );
    expect(definitionOf(after.resources)).toMatchObject({ StartAt: 'Parse' });
  });
});

describe('fields in another order', () => {
  /** The same value with the fields of every object the other way round. */
  const reversed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(reversed);
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value)
        .toReversed()
        .map(([name, inner]) => [name, reversed(inner)]),
    );
  };

  it('give the same bytes: the wire keeps none, and a definition that differs would be updated for ever', async () => {
    const conditions = { StringEquals: { 'aws:b': 'x', 'aws:a': 'y' }, Bool: { 'aws:c': 'true' } };
    const policyStatements = [{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::a/*'], conditions }];
    const custom: Json = {
      definition: machine({ Parse: invoke, Put: put }),
      functions: [{ ...parse, environment: { B: '1', A: '2' }, policyStatements }],
      policyStatements,
    };
    const other = reversed(custom);
    const [one, two] = [await settled(custom), await settled(isObject(other) ? other : {})];
    expect(JSON.stringify(custom)).not.toBe(JSON.stringify(other));
    expect(two).toEqual(one);
    const texts = ({ resources }: typeof one) =>
      ['state-machine', 'state-machine-policy', 'parse-policy'].map((key) =>
        JSON.stringify(resources[key]?.['spec']),
      );
    expect(texts(two)).toEqual(texts(one));
  });
});
