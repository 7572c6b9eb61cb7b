/** Tests the policy against the tables, the names that the function gives, and the calls of the local reconciler. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { specOf } from '../../apis/refusals/refusal.ts';
import { claimOf, settle } from '../../function/render.ts';
import { WORKFLOW_TYPES } from '../../function/src/generated/api.ts';
import { externalNameOf, namesOf } from '../../function/src/names.ts';
import { at, stringAt } from '../../function/src/objects.ts';
import { readPlatform } from '../../function/src/platform.ts';
import { readSpec } from '../../function/src/read-spec.ts';
import { createClients } from '../../local/aws.ts';
import { knownKinds, schemaOf } from '../../local/schemas.ts';
import { allows, type RequestContext } from './allows.ts';
import { EXAMPLE_FOLDER, filesOf, folderOf, optionsOf, staleFiles } from './generate.ts';
import { KINDS, VERBS } from './kinds.ts';
import { actionsOf } from './operations.ts';
import { placesOf } from './places.ts';
import { MANAGED_POLICY_LIMIT, policiesOf, sizeOf } from './policy.ts';
import { DEFAULT_SCOPE, type Place, type Scope } from './scope.ts';

const policies = policiesOf(DEFAULT_SCOPE);
const statementsOf = (scope: Scope) => policiesOf(scope).flatMap(({ Statement }) => Statement);
const ACCOUNT = DEFAULT_SCOPE.account;
const arn = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:${ACCOUNT}:${resource}`;
type Call = readonly [action: string, resource: string, context?: RequestContext];
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;

describe('the tables', () => {
  it('have every kind that the function emits, and no other', () => {
    expect(Object.keys(KINDS).sort(), 'argocd/policy/kinds').toEqual(knownKinds());
  });

  it('say for every kind what creates, observes and deletes it, and what tags it where it takes tags', () => {
    const incomplete = Object.entries(KINDS).flatMap(([name, { needs }]) => {
      const [group = '', version = '', kind = ''] = name.split('/');
      const parameters = schemaOf(`${group}/${version}`, kind)?.spec.properties?.['forProvider']?.properties;
      const actions = (verb: (typeof VERBS)[number]) =>
        Object.values(needs).flatMap((verbs) => verbs[verb] ?? []);
      const verbs: string[] = Object.values(needs).flatMap((verbs) => Object.keys(verbs));
      const tagged = actions('create').some((action) => /:(Tag|CreateTags|PutObjectTagging)/.test(action));
      return [
        ...(['create', 'observe', 'delete'] as const)
          .filter((verb) => actions(verb).length === 0)
          .map((verb) => `${kind}: ${verb}`),
        ...(Boolean(parameters?.['tags']) === tagged ? [] : [`${kind}: tags`]),
        ...verbs.filter((verb) => !VERBS.some((known) => known === verb)),
      ];
    });
    expect(incomplete).toEqual([]);
  });

  it('use every target, and a target of * has a reason', () => {
    const used = new Set(Object.values(KINDS).flatMap(({ needs }) => Object.keys(needs)));
    const places: Readonly<Record<string, Place>> = placesOf(DEFAULT_SCOPE);
    expect([...used].sort()).toEqual(Object.keys(places).sort());
    const open = Object.entries(places).filter(([, { Resource }]) => Resource.includes('*'));
    expect(open.map(([target, { because }]) => [target, because !== undefined])).toEqual([
      ['newMapping', true],
      ['anything', true],
    ]);
  });
});

describe('the documents', () => {
  it('are in the repository as the tables say', () => {
    expect(staleFiles(EXAMPLE_FOLDER, filesOf(DEFAULT_SCOPE))).toEqual([]);
  });

  it('are called stale when one differs, lacks or is too many', () => {
    const files = filesOf(DEFAULT_SCOPE);
    files.set('policy.json', '{}\n');
    files.set('policy-99.json', '{}\n');
    files.delete('policy-2.json');
    expect(staleFiles(EXAMPLE_FOLDER, files)).toEqual(['policy-2.json', 'policy-99.json', 'policy.json']);
  });

  const many = optionsOf([
    ...['--regions', 'eu-west-1,eu-central-1,us-east-1,ap-southeast-2', '--tables', 'ingest-*,Files'],
    ...['--permissions-boundary', `arn:aws:iam::${ACCOUNT}:policy/boundary`, '--buckets', 'acme-*'],
    ...['--table-keys', arn('kms', 'key/12345678-1234-1234-1234-123456789012')],
    ...['--code-objects', 'artifacts/layers/*', '--image-repositories', 'ingest/*'],
    ...['--functions', 'parse,notify', '--image-parameters', '/platform/images/*'],
    ...['--layers', `sharp,${arn('lambda', 'layer:shared')}`],
  ]).scope;
  it.each([
    ['by default', DEFAULT_SCOPE, 3],
    ['with everything set, in four regions', many, 7],
  ])('are within the limit %s', (_, scope, most) => {
    const documents = policiesOf(scope);
    expect(documents.length).toBeLessThanOrEqual(most);
    expect(documents.filter((one) => sizeOf(one) > MANAGED_POLICY_LIMIT)).toEqual([]);
    const sids = documents.flatMap(({ Statement }) => Statement.map(({ Sid }) => Sid));
    expect(new Set(sids).size).toBe(sids.length);
  });

  const REGIONS = [
    ...[
      'eu-west-1',
      'eu-west-2',
      'eu-west-3',
      'eu-central-1',
      'eu-north-1',
      'us-east-1',
      'us-east-2',
      'us-west-1',
    ],
    ...[
      'us-west-2',
      'ca-central-1',
      'sa-east-1',
      'ap-northeast-1',
      'ap-northeast-2',
      'ap-northeast-3',
      'ap-south-1',
    ],
    ...['ap-southeast-1', 'ap-southeast-2'],
  ];
  it.each([2, 10, REGIONS.length])('are few enough for one role, in %i regions', (count) => {
    const regions = REGIONS.slice(0, count);
    const documents = policiesOf({ ...DEFAULT_SCOPE, regions });
    expect(documents.length).toBeLessThanOrEqual(6);
    expect(documents.filter((one) => sizeOf(one) > MANAGED_POLICY_LIMIT)).toEqual([]);
    // An ARN of any region stands with the names of the regions.
    const open = documents
      .flatMap(({ Statement }) => Statement)
      .filter(({ Resource }) => Resource.some((one) => /^arn:aws:[^:]+:\*:/.test(one)));
    expect(open.length).toBeGreaterThan(10);
    for (const { Condition } of open)
      expect(Condition?.['StringEquals']).toMatchObject({ 'aws:RequestedRegion': regions });
    const deletes = (region: string) =>
      allows(documents, 'sqs:DeleteQueue', `arn:aws:sqs:${region}:${ACCOUNT}:n-a-dead-letters-02c2d05c`, {
        'aws:RequestedRegion': region,
      });
    expect([...regions, 'me-south-1'].filter(deletes)).toEqual(regions);
  });

  it('say what is allowed on the same place in one statement', () => {
    const places = statementsOf(DEFAULT_SCOPE).map(({ Resource, Condition }) =>
      JSON.stringify([Resource, Condition]),
    );
    expect(new Set(places).size).toBe(places.length);
  });

  it('are refused where one statement alone is too long', () => {
    const buckets = Array.from({ length: 200 }, (_, index) => `a-bucket-with-a-long-name-${index}`);
    expect(() => policiesOf({ ...DEFAULT_SCOPE, buckets })).toThrow(
      /^statement NewBucket has \d+ characters of 6144: name fewer/,
    );
  });

  it('allow no action by a wildcard, but for what KMS groups', () => {
    const all = policiesOf(many).flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action));
    expect(all.filter((action) => action.includes('*'))).toEqual(['kms:GenerateDataKey*', 'kms:ReEncrypt*']);
  });
});

describe('the folder', () => {
  const account = ['--account', '444455556666'];
  it('is the example’s for the example alone', () => {
    expect(folderOf(optionsOf([]))).toBe(EXAMPLE_FOLDER);
    expect(folderOf(optionsOf([...account, '--out', '/tmp/a']))).toBe('/tmp/a');
    expect(() => folderOf(optionsOf(account))).toThrow(/^--out: Required value: /);
    expect(() => folderOf(optionsOf(['--regions', 'eu-west-1,us-east-1']))).toThrow(
      /^--out: Required value: /,
    );
  });
});

describe('what a claim makes', () => {
  const spec = readSpec(
    { spec: { region: 'eu-west-1', workflow: { type: 'RecordFile' } } },
    readPlatform(undefined),
  );
  // The longest and the shortest names: the patterns must also match a shortened name.
  it.each(['a', 'x'.repeat(200)])('is covered whatever its name (%s)', (name) => {
    const names = namesOf({ name, namespace: 'ns', suffix: '02c2d05c' }, spec);
    const own = { ...DEFAULT_SCOPE, buckets: [], tables: [], stateMachines: [], functions: ['parse'] };
    const covered = (action: string, resource: string) => allows(policiesOf(own), action, resource);
    expect(
      [
        ['s3:PutBucketPolicy', `arn:aws:s3:::${names.bucket}`],
        ['s3:CreateBucket', `arn:aws:s3:::${names.codeBucket}`],
        ['s3:PutObject', `arn:aws:s3:::${names.codeBucket}/record-file/0a.zip`],
        ['s3:PutObject', `arn:aws:s3:::${names.codeBucket}/script.sh`],
        ['dynamodb:CreateTable', arn('dynamodb', `table/${names.table}`)],
        ['states:CreateStateMachine', arn('states', `stateMachine:${names.stateMachine}`)],
        ['logs:CreateLogGroup', arn('logs', `log-group:/aws/vendedlogs/states/${names.stateMachine}`)],
        ['logs:CreateLogGroup', arn('logs', `log-group:/aws/vendedlogs/states/${names.stateMachine}:*`)],
        ['sqs:CreateQueue', arn('sqs', names.deadLetterQueue)],
        ['s3:CreateBucket', `arn:aws:s3:::${names.of('bucket', 'images')}`],
        ['lambda:PublishLayerVersion', arn('lambda', `layer:${names.of('layer', 'sharp')}`)],
        ['lambda:GetLayerVersion', arn('lambda', `layer:${names.of('layer', 'sharp')}:1`)],
        ['iam:CreateRole', role(names.of('role', 'vm'))],
        ['iam:CreateRole', role(names.of('role', 'schedule'))],
        ['iam:CreateRole', role(names.of('role', 'parse'))],
        ['lambda:CreateFunction', arn('lambda', `function:${names.of('function', 'parse')}`)],
        [
          'iam:CreateInstanceProfile',
          `arn:aws:iam::${ACCOUNT}:instance-profile/${names.of('instanceProfile', 'vm')}`,
        ],
        ['scheduler:CreateSchedule', arn('scheduler', `schedule/default/${names.of('schedule', 'sweep')}`)],
        ['events:PutRule', arn('events', `rule/${names.of('rule', 'uploads')}`)],
        ['iam:CreateRole', role(names.of('role', 'workflow'))],
        ...['start-workflow', 'record-file'].flatMap((handler) => [
          ['iam:CreateRole', role(names.of('role', handler))],
          ['lambda:CreateFunction', arn('lambda', `function:${names.of('function', handler)}`)],
          ['logs:CreateLogGroup', arn('logs', `log-group:/aws/lambda/${names.of('function', handler)}`)],
          [
            'cloudwatch:PutMetricAlarm',
            arn('cloudwatch', `alarm:${names.of('alarm', `${handler}-errors-alarm`)}`),
          ],
        ]),
      ].filter(([action = '', resource = '']) => !covered(action, resource)),
    ).toEqual([]);
  });

  /** What makes a thing in AWS whose name the function gives, by kind. */
  const makes: Readonly<Record<string, (name: string) => Call>> = {
    Bucket: (name) => ['s3:CreateBucket', `arn:aws:s3:::${name}`],
    Function: (name) => ['lambda:CreateFunction', arn('lambda', `function:${name}`)],
    Group: (name) => ['logs:CreateLogGroup', arn('logs', `log-group:${name}`)],
    InstanceProfile: (name) => [
      'iam:CreateInstanceProfile',
      `arn:aws:iam::${ACCOUNT}:instance-profile/${name}`,
    ],
    LayerVersion: (name) => ['lambda:PublishLayerVersion', arn('lambda', `layer:${name}`)],
    MetricAlarm: (name) => ['cloudwatch:PutMetricAlarm', arn('cloudwatch', `alarm:${name}`)],
    Queue: (name) => ['sqs:CreateQueue', arn('sqs', name)],
    Role: (name) => ['iam:CreateRole', role(name)],
    Rule: (name) => ['events:PutRule', arn('events', `rule/${name}`)],
    Schedule: (name) => ['scheduler:CreateSchedule', arn('scheduler', `schedule/default/${name}`)],
    StateMachine: (name) => ['states:CreateStateMachine', arn('states', `stateMachine:${name}`)],
    Table: (name) => ['dynamodb:CreateTable', arn('dynamodb', `table/${name}`)],
  };

  /** The role is given to the service that may assume it. */
  function passes(name: string, trust: string | undefined): Call {
    const [service = ''] = /[a-z0-9]+\.amazonaws\.com/.exec(trust ?? '') ?? [];
    return ['iam:PassRole', role(name), { 'iam:PassedToService': service }];
  }

  it.each(WORKFLOW_TYPES)('is covered for type %s, where a claim gives no name', async (type) => {
    const { rendered } = await settle(
      claimOf(specOf(type, { observability: { alarms: { enabled: true } } })),
    );
    const own = policiesOf({ ...DEFAULT_SCOPE, buckets: [], tables: [], stateMachines: [] });
    const calls = Object.values(rendered.resources).flatMap((manifest) => {
      const fields = at(manifest, 'spec', 'forProvider');
      const name =
        externalNameOf(manifest) ?? stringAt(fields, 'name') ?? stringAt(fields, 'layerName') ?? '';
      const kind = stringAt(manifest, 'kind') ?? '';
      const call = makes[kind]?.(name);
      if (kind === 'Role')
        return [...(call ? [call] : []), passes(name, stringAt(fields, 'assumeRolePolicy'))];
      if (kind !== 'EventSourceMapping') return call ? [call] : [];
      const invoked = Object.values(rendered.resources).find(
        (one) => stringAt(one, 'metadata', 'name') === stringAt(fields, 'functionNameRef', 'name'),
      );
      const functionArn = arn('lambda', `function:${externalNameOf(invoked)}`);
      const mapping: Call = ['lambda:CreateEventSourceMapping', '*', { 'lambda:FunctionArn': functionArn }];
      return [mapping];
    });
    expect(calls.length).toBeGreaterThan(5);
    expect(
      calls.filter(([action, resource, context]) => !allows(own, action, resource, context)),
      'argocd/policy/places.ts: add the part of the name',
    ).toEqual([]);
  });

  it.each([
    ['another account', 'dynamodb:DeleteTable', `arn:aws:dynamodb:eu-west-1:999999999999:table/files`],
    ['another region', 'dynamodb:DeleteTable', `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/files`],
    ['data in the table', 'dynamodb:GetItem', arn('dynamodb', 'table/files')],
    ['files', 's3:GetObject', 'arn:aws:s3:::ns-a-files-02c2d05c/incoming/a.csv'],
    ['an upload beside the code', 's3:PutObject', 'arn:aws:s3:::ns-a-code-02c2d05c/other/a.zip'],
    ['an upload to another bucket', 's3:PutObject', 'arn:aws:s3:::payroll/record-file/a.zip'],
    ['another role', 'iam:CreateRole', role('admin')],
    ['a policy on another role', 'iam:PutRolePolicy', role('admin')],
    ['a managed policy on our role', 'iam:AttachRolePolicy', role('ns-a-workflow-02c2d05c')],
    ['another function', 'lambda:UpdateFunctionCode', arn('lambda', 'function:payroll')],
    ['calling our function', 'lambda:InvokeFunction', arn('lambda', 'function:ns-a-record-file-02c2d05c')],
    ['starting a workflow', 'states:StartExecution', arn('states', 'stateMachine:ns-a-workflow-02c2d05c')],
    ['another queue', 'sqs:DeleteQueue', arn('sqs', 'payroll')],
    ['reading dead letters', 'sqs:ReceiveMessage', arn('sqs', 'ns-a-dead-letters-02c2d05c')],
    ['logs of others', 'logs:DeleteLogGroup', arn('logs', 'log-group:/aws/lambda/payroll')],
    ['reading logs', 'logs:GetLogEvents', arn('logs', 'log-group:/aws/lambda/ns-a-record-file-02c2d05c')],
    ['alarms of others', 'cloudwatch:DeleteAlarms', arn('cloudwatch', 'alarm:payroll')],
    ['starting a machine', 'ec2:RunInstances', arn('ec2', 'instance/*')],
    ['letting anyone in', 'ec2:AuthorizeSecurityGroupIngress', arn('ec2', 'security-group/sg-1')],
    ['a function that is not named', 'lambda:CreateFunction', arn('lambda', 'function:n-a-parse-02c2d05c')],
    ['a profile of others', 'iam:AddRoleToInstanceProfile', `arn:aws:iam::${ACCOUNT}:instance-profile/admin`],
    ['a rule of others', 'events:DeleteRule', arn('events', 'rule/payroll')],
    ['a schedule of others', 'scheduler:UpdateSchedule', arn('scheduler', 'schedule/default/payroll')],
    [
      'a schedule in another group',
      'scheduler:CreateSchedule',
      arn('scheduler', 'schedule/x/n-a-sweep-02c2d05c'),
    ],
    ['a layer of others', 'lambda:PublishLayerVersion', arn('lambda', 'layer:shared')],
    ['code that is not named', 's3:GetObject', 'arn:aws:s3:::artifacts/a.zip'],
    ['images that are not named', 'ecr:SetRepositoryPolicy', arn('ecr', 'repository/payroll')],
    ['parameters of the account', 'ssm:GetParameters', arn('ssm', 'parameter/password')],
    ['calling an API', 'execute-api:Invoke', arn('execute-api', '0123456789/*')],
  ])('is all: not %s', (_, action, resource) => {
    expect(allows(policies, action, resource)).toBe(false);
  });
});

describe('conditions', () => {
  const ours = role('ns-a-record-file-02c2d05c');
  const workflow = role('ns-a-workflow-02c2d05c');
  const machine = role('ns-a-vm-02c2d05c');
  const sweep = role('ns-a-schedule-02c2d05c');
  const lambda = { 'iam:PassedToService': 'lambda.amazonaws.com' };
  const states = { 'iam:PassedToService': 'states.amazonaws.com' };
  it.each([
    ['a function’s role to Lambda', ours, lambda, true],
    ['the state machine’s role to Step Functions', workflow, states, true],
    ['a machine’s role to EC2', machine, { 'iam:PassedToService': 'ec2.amazonaws.com' }, true],
    ['a schedule’s role to the scheduler', sweep, { 'iam:PassedToService': 'scheduler.amazonaws.com' }, true],
    ['a machine’s role to Lambda', machine, lambda, false],
    ['a function’s role to EC2', ours, { 'iam:PassedToService': 'ec2.amazonaws.com' }, false],
    ['a function’s role to Step Functions', ours, states, false],
    ['the state machine’s role to Lambda', workflow, lambda, false],
    ['a function’s role to a service that is not named', ours, {}, false],
    ['another role to Lambda', role('admin'), lambda, false],
    ['a role of another account', ours.replace(ACCOUNT, '999999999999'), lambda, false],
  ])('passes or not: %s', (_, resource, context, expected) => {
    expect(allows(policies, 'iam:PassRole', resource, context)).toBe(expected);
  });

  const permissionsBoundary = `arn:aws:iam::${ACCOUNT}:policy/boundary`;
  const bounded = policiesOf({ ...DEFAULT_SCOPE, permissionsBoundary });
  it.each(['iam:CreateRole', 'iam:PutRolePolicy', 'iam:PutRolePermissionsBoundary'])(
    '%s needs the boundary where there is one',
    (action) => {
      const key = 'iam:PermissionsBoundary';
      expect(allows(bounded, action, ours, { [key]: permissionsBoundary })).toBe(true);
      expect(allows(bounded, action, ours, { [key]: `arn:aws:iam::${ACCOUNT}:policy/wider` })).toBe(false);
      expect(allows(bounded, action, ours, {})).toBe(false);
      expect(allows(policies, action, ours, {})).toBe(true);
    },
  );

  it('keeps the boundary where there is one', () => {
    expect(allows(bounded, 'iam:DeleteRolePermissionsBoundary', ours)).toBe(false);
    expect(allows(policies, 'iam:DeleteRolePermissionsBoundary', ours)).toBe(true);
  });

  const tag = 'aws:ResourceTag/crossplane-kind';
  it.each([
    ['dynamodb:DeleteTable', arn('dynamodb', 'table/payroll'), 'table.dynamodb.aws.m.upbound.io'],
    ['states:DeleteStateMachine', arn('states', 'stateMachine:payroll'), 'statemachine.sfn.aws.m.upbound.io'],
    [
      'logs:DeleteLogGroup',
      arn('logs', 'log-group:/aws/vendedlogs/states/a'),
      'group.cloudwatchlogs.aws.m.upbound.io',
    ],
    ['ec2:DeleteSecurityGroup', arn('ec2', 'security-group/sg-1'), 'securitygroup.ec2.aws.m.upbound.io'],
    ['ec2:DeleteLaunchTemplate', arn('ec2', 'launch-template/lt-1'), 'launchtemplate.ec2.aws.m.upbound.io'],
    [
      'apigateway:DELETE',
      'arn:aws:apigateway:eu-west-1::/apis/0123456789',
      'api.apigatewayv2.aws.m.upbound.io',
    ],
  ])('%s takes what the provider has tagged', (action, resource, value) => {
    expect(allows(policies, action, resource, { [tag]: value })).toBe(true);
    expect(allows(policies, action, resource, { [tag]: 'mine' })).toBe(false);
    expect(allows(policies, action, resource, {})).toBe(false);
  });

  const bucket = 'arn:aws:s3:::acme-invoices';
  it.each([
    ['s3:PutBucketPolicy', bucket],
    ['s3:DeleteObject', `${bucket}/a.csv`],
  ])('%s is for buckets of the account and its regions', (action, resource) => {
    const here = { 'aws:ResourceAccount': ACCOUNT, 'aws:RequestedRegion': 'eu-west-1' };
    expect(allows(policies, action, resource, here)).toBe(true);
    expect(allows(policies, action, resource, { ...here, 'aws:ResourceAccount': '999999999999' })).toBe(
      false,
    );
    expect(allows(policies, action, resource, { ...here, 'aws:RequestedRegion': 'us-east-1' })).toBe(false);
  });

  it('tags machines’ parts only as it makes them', () => {
    const group = arn('ec2', 'security-group/sg-1');
    const made = (by: string) => allows(policies, 'ec2:CreateTags', group, { 'ec2:CreateAction': by });
    expect([made('CreateSecurityGroup'), made('RunInstances')]).toEqual([true, false]);
    expect(allows(policies, 'ec2:CreateTags', group, {})).toBe(false);
  });

  it('reads a table’s stream for the function that starts machines alone', () => {
    const mappedTo = (name: string) =>
      allows(policies, 'lambda:CreateEventSourceMapping', '*', {
        'lambda:FunctionArn': arn('lambda', `function:${name}`),
      });
    expect([mappedTo('ns-a-launch-instance-02c2d05c'), mappedTo('payroll')]).toEqual([true, false]);
  });

  it('uses code, images, parameters and layers only where they are named', () => {
    const named = policiesOf({
      ...DEFAULT_SCOPE,
      codeObjects: ['artifacts/layers/*'],
      imageRepositories: ['ingest/*'],
      imageParameters: ['/platform/*'],
      layers: ['arn:aws:lambda:eu-west-1:999999999999:layer:sharp'],
    });
    const layer = 'arn:aws:lambda:eu-west-1:999999999999:layer:sharp:3';
    const uses: [string, string][] = [
      ['s3:GetObject', 'arn:aws:s3:::artifacts/layers/sharp.zip'],
      ['ecr:GetRepositoryPolicy', arn('ecr', 'repository/ingest/parse')],
      ['ssm:GetParameters', arn('ssm', 'parameter/platform/image')],
      ['lambda:GetLayerVersion', layer],
    ];
    const allowed = (documents: typeof policies) => uses.map(([action, on]) => allows(documents, action, on));
    expect(allowed(named)).toEqual([true, true, true, true]);
    expect(allowed(policies)).toEqual([false, false, false, false]);
    const own = arn('lambda', 'layer:sharp:3');
    expect([policies, named].map((documents) => allows(documents, 'lambda:GetLayerVersion', own))).toEqual([
      true,
      false,
    ]);
  });

  it('lets S3 and API Gateway alone invoke our functions', () => {
    const ourFunction = arn('lambda', 'function:ns-a-record-file-02c2d05c');
    const invokedBy = (principal: string) =>
      allows(policies, 'lambda:AddPermission', ourFunction, { 'lambda:Principal': principal });
    expect(['s3.amazonaws.com', 'apigateway.amazonaws.com', '*'].map(invokedBy)).toEqual([true, true, false]);
  });

  it('uses table keys only where they are named, and through DynamoDB', () => {
    const key = arn('kms', 'key/12345678-1234-1234-1234-123456789012');
    const keyed = policiesOf({ ...DEFAULT_SCOPE, tableKeys: [key] });
    const through = (service: string) => ({ 'kms:ViaService': `${service}.eu-west-1.amazonaws.com` });
    expect(allows(policies, 'kms:Decrypt', key)).toBe(false);
    expect(allows(keyed, 'kms:Decrypt', key, through('dynamodb'))).toBe(true);
    expect(allows(keyed, 'kms:Decrypt', key, through('s3'))).toBe(false);
    expect(allows(keyed, 'kms:CreateGrant', key, through('dynamodb'))).toBe(false);
    const forAws = { ...through('dynamodb'), 'kms:GrantIsForAWSResource': 'true' };
    expect(allows(keyed, 'kms:CreateGrant', key, forAws)).toBe(true);
  });
});

describe('the local reconciler', () => {
  const ITS_OWN = [
    // The provider reads a launch template's tags with the template; see ec2.ts.
    'ec2:DescribeTags',
    // It reads a bucket's region and tags in a way of its own; see bucket.ts beside s3/bucket.go and s3/tags.go.
    ...['s3:GetBucketLocation', 's3:GetBucketTagging', 's3:PutBucketTagging'],
  ];

  /** The service of a client in local/aws.ts, where it has another name. */
  const SDK_NAMES: Readonly<Record<string, string>> = { autoscaling: 'application-autoscaling' };

  /** All texts in a YAML document. */
  const textsIn = (value: unknown): string[] =>
    typeof value === 'string' ? [value] : Object.values(value ?? {}).flatMap(textsIn);

  it('calls nothing besides that the provider may not', () => {
    const folder = join(import.meta.dirname, '../../local/kinds');
    const { endpoint, region, close, ...clients } = createClients({ endpoint: '', region: 'eu-west-1' });
    const read = (file: string) => readFileSync(join(folder, file), 'utf8');
    const source = readdirSync(folder).filter((file) => file.endsWith('.ts'));
    const tables = readdirSync(join(folder, 'tables')).map((file) =>
      parse(read(join('tables', file)), { merge: true }),
    );
    const calls = Object.entries(clients).flatMap(([service, client]) => {
      const inCode = new RegExp(`(?<=\\b${service}\\s*\\.)[a-z]\\w+(?=\\()`, 'g');
      const said = tables.filter((table) => table.service === service).flatMap(textsIn);
      const names = [...source.flatMap((file) => read(file).match(inCode) ?? []), ...said];
      // Whatever is a method of the client is a call.
      const methods = [...new Set(names)].filter((name) => typeof Reflect.get(client, name) === 'function');
      return methods.map(
        (name) => `${SDK_NAMES[service] ?? service} ${name.charAt(0).toUpperCase()}${name.slice(1)}`,
      );
    });
    close();
    expect(calls.length).toBeGreaterThan(120);
    const granted = new Set(policies.flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action)));
    const refused = calls.flatMap(actionsOf).filter((action) => !granted.has(action));
    expect([...new Set(refused)].sort()).toEqual(ITS_OWN);
  });
});
