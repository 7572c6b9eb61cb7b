/** What is called, against what is allowed: each call on exactly its resource, and nothing more. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ACCOUNT, settle } from '../render.ts';
import { HANDLERS, type HandlerName } from '../src/catalogue.ts';
import { bucketArn, partitionOf } from '../src/names.ts';
import { at, isObject, type Json, stringAt } from '../src/objects.ts';
import { CLAIMS } from './claims.ts';
import { definitionOf, objects, statesOf } from './machines.ts';
import { grants, statementsOf } from './policies.ts';

const renderedOf = async (name: string) => (await settle(CLAIMS[name] ?? {})).rendered.resources;
const provider = (manifest: Json | undefined, ...path: string[]) =>
  stringAt(manifest, 'spec', 'forProvider', ...path) ?? '';

type Arn = (service: string, rest: string) => string;

/** ARNs in the partition, region and account of a claim's resources. */
function arnIn(resources: Record<string, Json>): Arn {
  const region = provider(resources['table'], 'region');
  return (service, rest) => `arn:${partitionOf(region)}:${service}:${region}:${ACCOUNT}:${rest}`;
}

const externalName = (manifest: Json | undefined) =>
  stringAt(manifest, 'metadata', 'annotations', 'crossplane.io/external-name') ?? '';
const queueArn = (resources: Record<string, Json>, arn: Arn) =>
  arn('sqs', provider(resources['dead-letter-queue'], 'name'));

/** What each handler's own code calls, with the resource that its environment names. */
const HANDLER_CALLS: Record<
  HandlerName,
  { commands: string[]; calls(variables: Json, arn: Arn, resources: Record<string, Json>): string[] }
> = {
  'start-workflow': {
    commands: ['StartExecutionCommand'],
    calls: (variables) => [`states:StartExecution on ${variables['STATE_MACHINE_ARN']}`],
  },
  'record-file': {
    commands: ['PutItemCommand'],
    calls: (variables, arn, resources) => [
      `dynamodb:PutItem on ${arn('dynamodb', `table/${variables['TABLE_NAME']}`)}`,
      ...useKey(resources),
    ],
  },
  'say-hello': { commands: [], calls: () => [] },
  'upload-api': {
    // What it signs, S3 allows as far as the role may: a POST of an upload, a GET of an output.
    commands: ['GetItemCommand', 'GetObjectCommand', 'PutItemCommand'],
    calls: (variables, arn, resources) => [
      ...tableCalls(['PutItem', 'GetItem'], variables, arn, resources),
      ...bucketCalls('outputs/*', 'uploads/*', resources),
    ],
  },
  'mark-uploaded': {
    commands: ['UpdateItemCommand'],
    calls: (variables, arn, resources) => tableCalls(['UpdateItem'], variables, arn, resources),
  },
  'launch-instance': {
    commands: ['GetItemCommand', 'RunInstancesCommand', 'UpdateItemCommand'],
    calls: (variables, arn, resources) => [
      ...tableCalls(['GetItem', 'UpdateItem'], variables, arn, resources),
      ...['DescribeStream', 'GetRecords', 'GetShardIterator'].map(
        (call) => `dynamodb:${call} on ${arn('dynamodb', `table/${variables['TABLE_NAME']}/stream/*`)}`,
      ),
      'dynamodb:ListStreams on *',
      ...launchCalls(variables, arn, resources),
    ],
  },
  'sweep-instances': {
    commands: [
      'DescribeInstancesCommand',
      'GetItemCommand',
      'ScanCommand',
      'TerminateInstancesCommand',
      'UpdateItemCommand',
    ],
    calls: (variables, arn, resources) => [
      ...tableCalls(['Scan', 'GetItem', 'UpdateItem'], variables, arn, resources),
      'ec2:DescribeInstances on *',
      `ec2:TerminateInstances on ${arn('ec2', 'instance/*')} if ${tagged('aws:ResourceTag', variables)}`,
    ],
  },
  'get-file-type': {
    commands: ['GetObjectCommand'],
    calls: (_variables, _arn, resources) => [
      `s3:GetObjectVersion on ${objectsOf(resources, 'bucket')}`,
      ...useBucketKey(resources, ['Decrypt']),
    ],
  },
  'resize-image': {
    commands: ['GetObjectCommand', 'PutObjectCommand'],
    calls: (variables, _arn, resources) => [
      `s3:GetObjectVersion on ${objectsOf(resources, 'bucket')}`,
      `s3:PutObject on ${bucketArn(provider(resources['table'], 'region'), String(variables['DESTINATION_BUCKET']))}/*`,
      ...useBucketKey(resources, ['Decrypt', 'GenerateDataKey']),
    ],
  },
};

/** Every object of a bucket, by the bucket's composition key. */
const objectsOf = (resources: Record<string, Json>, key: string) =>
  `${bucketArn(provider(resources['table'], 'region'), externalName(resources[key]))}/*`;

/** What S3 needs of the buckets' own key, and only through S3. */
const useBucketKey = (resources: Record<string, Json>, actions: readonly string[]): string[] => {
  const [rule] = objects(at(resources['bucket-encryption'], 'spec', 'forProvider', 'rule'));
  const key = stringAt(rule, 'applyServerSideEncryptionByDefault', 'kmsMasterKeyId');
  const region = provider(resources['table'], 'region');
  const limit = { StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` } };
  return key ? actions.map((action) => `kms:${action} on ${key} if ${JSON.stringify(limit)}`) : [];
};

/** Functions whose failures go to the dead-letter queue: by an invoke config, or by an event source mapping. */
const sendsDeadLetters = (resources: Record<string, Json>, key: string) =>
  resources[`${key}-invoke-config`] !== undefined ||
  Object.keys(resources).some((one) => one.startsWith(`${key}-mapping-`));

/** Roles that neither a function nor the state machine has: the service that takes each. */
const OTHER_ROLES: Record<string, string> = {
  'vm-role': 'ec2.amazonaws.com',
  'schedule-role': 'scheduler.amazonaws.com',
};
/** Policies of those roles, each with a test of its own. */
const OTHER_POLICIES: readonly string[] = ['vm-policy', 'schedule-policy'];

/** What each integration of a state machine calls, from the task's own parameters. */
const TASK_CALLS: Record<string, (parameters: Json, arn: Arn, resources: Record<string, Json>) => string[]> =
  {
    'dynamodb:putItem': ({ TableName }, arn) => [
      `dynamodb:PutItem on ${arn('dynamodb', `table/${TableName}`)}`,
    ],
    'sqs:sendMessage': ({ QueueUrl }, arn) => [
      `sqs:SendMessage on ${arn('sqs', String(QueueUrl).split('/').at(-1) ?? '')}`,
    ],
    'lambda:invoke': ({ FunctionName }) => [`lambda:InvokeFunction on ${FunctionName}`],
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html#API_CopyObject_Permissions
    'aws-sdk:s3:copyObject': ({ Bucket }, _arn, resources) => [
      ...['GetObjectVersion', 'GetObjectVersionTagging'].map(
        (action) => `s3:${action} on ${objectsOf(resources, 'bucket')}`,
      ),
      ...['PutObject', 'PutObjectTagging'].map(
        (action) => `s3:${action} on ${bucketArn(provider(resources['table'], 'region'), String(Bucket))}/*`,
      ),
      ...useBucketKey(resources, ['Decrypt', 'GenerateDataKey']),
    ],
    'aws-sdk:s3:deleteObject': ({ Bucket }, _arn, resources) => [
      `s3:DeleteObject on ${bucketArn(provider(resources['table'], 'region'), String(Bucket))}/*`,
    ],
  };

/** Calls on the table that a function's environment names, and on its key. */
function tableCalls(
  calls: string[],
  { TABLE_NAME }: Json,
  arn: Arn,
  resources: Record<string, Json>,
): string[] {
  const table = arn('dynamodb', `table/${TABLE_NAME}`);
  return [...calls.map((call) => `dynamodb:${call} on ${table}`), ...useKey(resources)];
}

/** Reading and writing parts of the bucket, and its key. */
function bucketCalls(read: string, write: string, resources: Record<string, Json>): string[] {
  const bucket = bucketArn(provider(resources['table'], 'region'), externalName(resources['bucket']));
  return [
    `s3:GetObject on ${bucket}/${read}`,
    `s3:PutObject on ${bucket}/${write}`,
    ...useBucketKey(resources, ['Decrypt', 'GenerateDataKey']),
  ];
}

const tag = (kind: string, { PIPELINE }: Json) => ({ [`${kind}/fileingest.dev/pipeline`]: PIPELINE });
const tagged = (kind: string, variables: Json) => JSON.stringify({ StringEquals: tag(kind, variables) });

/** Starting a machine as the launch template has it, and nothing else. */
function launchCalls(variables: Json, arn: Arn, resources: Record<string, Json>): string[] {
  const template = resources['vm-template'];
  const region = provider(template, 'region');
  const partition = partitionOf(region);
  const parameter = provider(template, 'imageId').replace('resolve:ssm:', '');
  const cards = at(template, 'spec', 'forProvider', 'networkInterfaces');
  const subnet = stringAt(Array.isArray(cards) ? cards[0] : undefined, 'subnetId') ?? '*';
  const limited = (limit: Json) => ` if ${JSON.stringify(limit)}`;
  const requested = tag('aws:RequestTag', variables);
  const onRun = limited({ StringEquals: { 'ec2:CreateAction': 'RunInstances' } });
  const profile = `arn:${partition}:iam::${ACCOUNT}:instance-profile/${externalName(resources['vm-profile'])}`;
  const type = provider(template, 'instanceType');
  const instance = {
    StringEquals: { ...requested, 'ec2:InstanceType': type, 'ec2:MetadataHttpTokens': 'required' },
    ArnEquals: { 'ec2:InstanceProfile': profile },
  };
  const run = (resource: string, limit: string) => `ec2:RunInstances on ${arn('ec2', resource)}${limit}`;
  return [
    run('launch-template/*', ` if ${tagged('aws:ResourceTag', variables)}`),
    run('security-group/*', ` if ${tagged('aws:ResourceTag', variables)}`),
    `ec2:RunInstances on arn:${partition}:ec2:${region}::image/*${limited({ Bool: { 'ec2:IsLaunchTemplateResource': 'true' } })}`,
    run(`subnet/${subnet}`, ''),
    run('instance/*', limited(instance)),
    run('volume/*', limited({ StringEquals: requested, Bool: { 'ec2:Encrypted': 'true' } })),
    run('network-interface/*', limited({ StringEquals: requested })),
    ...['instance/*', 'volume/*', 'network-interface/*'].map(
      (resource) => `ec2:CreateTags on ${arn('ec2', resource)}${onRun}`,
    ),
    `iam:PassRole on arn:${partition}:iam::${ACCOUNT}:role/${externalName(resources['vm-role'])}` +
      limited({ StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } }),
    `ssm:GetParameters on arn:${partition}:ssm:${region}:${parameter.startsWith('/aws/') ? '' : ACCOUNT}:parameter${parameter}`,
  ];
}

/** Everything with `*` for a resource, or in an action, and why it has no other form. */
const WILDCARDS: Record<string, string> = {
  'logs:CreateLogDelivery on *': 'log delivery names no resource',
  'logs:GetLogDelivery on *': 'log delivery names no resource',
  'logs:UpdateLogDelivery on *': 'log delivery names no resource',
  'logs:DeleteLogDelivery on *': 'log delivery names no resource',
  'logs:ListLogDeliveries on *': 'log delivery names no resource',
  'logs:PutResourcePolicy on *': 'the policy is of the account',
  'logs:DescribeResourcePolicies on *': 'the policies are of the account',
  'logs:DescribeLogGroups on *': 'a listing',
  'dynamodb:ListStreams on *': 'a listing',
  'ec2:DescribeInstances on *': 'a listing',
  'xray:PutTraceSegments on *': 'X-Ray names no resource',
  'xray:PutTelemetryRecords on *': 'X-Ray names no resource',
  'xray:GetSamplingRules on *': 'X-Ray names no resource',
  'xray:GetSamplingTargets on *': 'X-Ray names no resource',
};
const wildcards = (...services: string[]) =>
  Object.keys(WILDCARDS).filter((line) => services.some((service) => line.startsWith(service)));
const WRITE_TRACES = wildcards('xray:Put');
const DELIVER_LOGS = wildcards('logs:');

/** What DynamoDB needs of a table's own key, and only through DynamoDB. */
const useKey = (resources: Record<string, Json>): string[] => {
  const key = provider(resources['table'], 'serverSideEncryption', 'kmsKeyArn');
  const limit = {
    StringEquals: { 'kms:ViaService': `dynamodb.${provider(resources['table'], 'region')}.amazonaws.com` },
  };
  const actions = ['Decrypt', 'DescribeKey', 'Encrypt', 'GenerateDataKey*', 'ReEncrypt*'];
  return key ? actions.map((action) => `kms:${action} on ${key} if ${JSON.stringify(limit)}`) : [];
};

/** Every call of a state machine: its tasks, the account's services behind them, and what the service itself does. */
function stateMachineCalls(resources: Record<string, Json>): string[] {
  const machine = resources['state-machine'];
  const arn = arnIn(resources);
  const tasks = statesOf(definitionOf(resources)).flatMap(({ name, state }) => {
    if (state['Type'] !== 'Task') return [];
    const [, integration = ''] = /^arn:[a-z-]+:states:::(.+)$/.exec(stringAt(state, 'Resource') ?? '') ?? [];
    const calls = TASK_CALLS[integration];
    if (!calls) throw new Error(`${name}: TASK_CALLS does not know ${state['Resource']}`);
    const parameters = state['Parameters'];
    return calls(isObject(parameters) ? parameters : {}, arn, resources);
  });
  const traced = at(machine, 'spec', 'forProvider', 'tracingConfiguration', 'enabled') === true;
  const logged = provider(machine, 'loggingConfiguration', 'level') !== 'OFF';
  return [
    ...tasks,
    ...useKey(resources),
    ...(logged ? DELIVER_LOGS : []),
    ...(traced ? wildcards('xray:') : []),
  ];
}

/** What users say of their own functions and state machines is theirs: these claims have a test of their own. */
const isOurs = (name: string) => at(CLAIMS[name], 'spec', 'workflow', 'type') !== 'Custom';

describe.each(Object.keys(CLAIMS).filter(isOurs))('%s', (name) => {
  it('lets each function do what its handler does, write its log, and send its failures', async () => {
    const resources = await renderedOf(name);
    const present = HANDLERS.filter((handler) => resources[handler]);
    const functions = Object.values(resources).filter(({ kind }) => kind === 'Function');
    expect(present).toHaveLength(functions.length);
    expect(present).not.toEqual([]);
    const arn = arnIn(resources);
    for (const handler of present) {
      const variables = at(resources[handler], 'spec', 'forProvider', 'environment', 'variables');
      const logs = arn('logs', `log-group:${provider(resources[handler], 'loggingConfig', 'logGroup')}:*`);
      const expected = [
        `logs:CreateLogStream on ${logs}`,
        `logs:PutLogEvents on ${logs}`,
        ...(sendsDeadLetters(resources, handler) ? [`sqs:SendMessage on ${queueArn(resources, arn)}`] : []),
        ...HANDLER_CALLS[handler].calls(isObject(variables) ? variables : {}, arn, resources),
        ...(provider(resources[handler], 'tracingConfig', 'mode') === 'Active' ? WRITE_TRACES : []),
      ];
      expect(grants(statementsOf(resources[`${handler}-policy`], 'policy')).sort()).toEqual(expected.sort());
    }
  });

  it('lets the state machine do what its states do', async () => {
    const resources = await renderedOf(name);
    if (!resources['state-machine']) {
      expect(Object.keys(resources).filter((key) => key.startsWith('state-machine'))).toEqual([]);
      return;
    }
    const allowed = grants(statementsOf(resources['state-machine-policy'], 'policy'));
    expect(allowed.sort()).toEqual([...new Set(stateMachineCalls(resources))].sort());
  });

  it('has no policy that no test looks at', async () => {
    const resources = await renderedOf(name);
    const policies = Object.entries(resources).flatMap(([key, { kind }]) =>
      kind === 'RolePolicy' ? key : [],
    );
    const known = [
      ...HANDLERS.map((handler) => `${handler}-policy`),
      'state-machine-policy',
      ...OTHER_POLICIES,
    ];
    expect(policies.filter((key) => !known.includes(key))).toEqual([]);
  });

  it('names a resource for every action, where AWS has one to name', async () => {
    const resources = await renderedOf(name);
    const policies = Object.values(resources).filter(({ kind }) => kind === 'RolePolicy');
    const all = policies.flatMap((manifest) => grants(statementsOf(manifest, 'policy')));
    const wild = all.filter((line) => /^\S*\*\S* on | on \*/.test(line) && !WILDCARDS[line]);
    // A key policy's own grouping: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
    expect(wild.filter((line) => !/^kms:(GenerateDataKey|ReEncrypt)\* on arn:/.test(line))).toEqual([]);
    const statements = policies.flatMap((manifest) => statementsOf(manifest, 'policy'));
    expect(
      statements.filter((one) => one['Effect'] !== 'Allow' || one['NotAction'] || one['NotResource']),
    ).toEqual([]);
  });

  it('lets one service take each role', async () => {
    const resources = await renderedOf(name);
    const roles = Object.entries(resources).filter(([, { kind }]) => kind === 'Role');
    const service = (key: string) => {
      if (key === 'state-machine-role') return 'states.amazonaws.com';
      return resources[key.replace(/-role$/, '')]?.['kind'] === 'Function'
        ? 'lambda.amazonaws.com'
        : (OTHER_ROLES[key] ?? 'no service that the test knows');
    };
    for (const [key, role] of roles) {
      const trusts = statementsOf(role, 'assumeRolePolicy').map(({ Action, Principal }) => ({
        Action,
        Principal,
      }));
      expect([key, trusts]).toEqual([
        key,
        [{ Action: ['sts:AssumeRole'], Principal: { Service: service(key) } }],
      ]);
    }
  });

  it('lets one bucket of this account, or one rule, invoke the function, where there is a bucket', async () => {
    const resources = await renderedOf(name);
    const permissions = Object.entries(resources).filter(
      ([, manifest]) =>
        manifest['kind'] === 'Permission' && provider(manifest, 'principal') === 's3.amazonaws.com',
    );
    const byRule = Object.values(resources).filter(
      (manifest) =>
        manifest['kind'] === 'Permission' && provider(manifest, 'principal') === 'events.amazonaws.com',
    );
    expect(byRule).toHaveLength(resources['upload-rule'] ? 1 : 0);
    for (const manifest of byRule) {
      const rule = `rule/${externalName(resources['upload-rule'])}`;
      expect(provider(manifest, 'sourceArn')).toBe(
        `arn:aws:events:${provider(resources['table'], 'region')}:${ACCOUNT}:${rule}`,
      );
    }
    expect(permissions).toHaveLength(resources['notification'] ? 1 - byRule.length : 0);
    for (const [, manifest] of permissions) {
      expect(at(manifest, 'spec', 'forProvider')).toMatchObject({
        action: 'lambda:InvokeFunction',
        principal: 's3.amazonaws.com',
        sourceArn: bucketArn(provider(resources['table'], 'region'), externalName(resources['bucket'])),
        sourceAccount: ACCOUNT,
      });
    }
  });
});

/** The sources of a handler: its entry, and all that it imports from here. */
function sourcesOf(file: URL, known = new Set<string>()): string[] {
  if (known.has(file.href)) return [];
  known.add(file.href);
  const source = readFileSync(file, 'utf8');
  const imports = [...source.matchAll(/^(?:import|export) (?!type )[^;]*? from '(\.[^']+)';/gms)];
  return [source, ...imports.flatMap(([, path = '']) => sourcesOf(new URL(path, file), known))];
}

describe('the table above is what the handlers’ code does', () => {
  it.each(HANDLERS)('%s', (handler) => {
    const sources = sourcesOf(new URL(`../../lambda/${handler}/handler.ts`, import.meta.url));
    expect(sources.length).toBeGreaterThan(1);
    const commands = sources.flatMap((source) =>
      [...source.matchAll(/new (\w+Command)\b/g)].map(([, command]) => command),
    );
    expect([...new Set(commands)].sort()).toEqual(HANDLER_CALLS[handler].commands);
  });
});
