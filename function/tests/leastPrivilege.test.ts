/** What is called, against what is allowed: each call on exactly its resource, and nothing more. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HANDLERS, type HandlerName } from '../src/catalogue.ts';
import { at, isObject, type Json, stringAt } from '../src/objects.ts';
import { CLAIMS } from './claims.ts';
import { grants, statementsOf } from './policies.ts';
import { settle } from './render.ts';

const renderedOf = async (name: string) => (await settle(CLAIMS[name] ?? {})).rendered.resources;
const provider = (manifest: Json | undefined, ...path: string[]) =>
  stringAt(manifest, 'spec', 'forProvider', ...path) ?? '';

/** Where the region and account of a claim's resources are, from an ARN that names both. */
function home(resources: Record<string, Json>, handler: HandlerName) {
  const destination = provider(
    resources[`${handler}-invoke-config`],
    'destinationConfig',
    'onFailure',
    'destination',
  );
  const [, partition, , region, account] = destination.split(':');
  return {
    destination,
    arn: (service: string, rest: string) => `arn:${partition}:${service}:${region}:${account}:${rest}`,
  };
}

/** What each handler's own code calls, with the resource that its environment names. */
const HANDLER_CALLS: Record<
  HandlerName,
  { commands: string[]; calls(variables: Json, arn: (service: string, rest: string) => string): string[] }
> = {
  'start-workflow': {
    commands: ['StartExecutionCommand'],
    calls: (variables) => [`states:StartExecution on ${variables['STATE_MACHINE_ARN']}`],
  },
  'record-file': {
    commands: ['PutItemCommand'],
    calls: (variables, arn) => [`dynamodb:PutItem on ${arn('dynamodb', `table/${variables['TABLE_NAME']}`)}`],
  },
};

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
function stateMachineCalls(
  resources: Record<string, Json>,
  arn: (service: string, rest: string) => string,
): string[] {
  const machine = resources['state-machine'];
  const states = at(JSON.parse(provider(machine, 'definition')), 'States');
  const tasks = Object.values(isObject(states) ? states : {}).flatMap((state) => {
    const [, service, action] =
      /^arn:[a-z-]+:states:::([a-z0-9]+):([A-Za-z]+)$/.exec(stringAt(state, 'Resource') ?? '') ?? [];
    if (!service || !action) return [];
    const table = stringAt(state, 'Parameters', 'TableName');
    const queue = stringAt(state, 'Parameters', 'QueueUrl')?.split('/').at(-1);
    const resource = table ? arn('dynamodb', `table/${table}`) : arn('sqs', queue ?? '');
    return [`${service}:${action.charAt(0).toUpperCase()}${action.slice(1)} on ${resource}`];
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

describe.each(Object.keys(CLAIMS))('%s', (name) => {
  it('lets each function do what its handler does, write its log, and send its failures', async () => {
    const resources = await renderedOf(name);
    const present = HANDLERS.filter((handler) => resources[handler]);
    expect(present).toHaveLength(1);
    for (const handler of present) {
      const { destination, arn } = home(resources, handler);
      const variables = at(resources[handler], 'spec', 'forProvider', 'environment', 'variables');
      const logs = arn('logs', `log-group:${provider(resources[handler], 'loggingConfig', 'logGroup')}:*`);
      const expected = [
        `logs:CreateLogStream on ${logs}`,
        `logs:PutLogEvents on ${logs}`,
        `sqs:SendMessage on ${destination}`,
        ...HANDLER_CALLS[handler].calls(isObject(variables) ? variables : {}, arn),
        ...(handler === 'record-file' ? useKey(resources) : []),
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
    const { arn } = home(resources, 'start-workflow');
    const allowed = grants(statementsOf(resources['state-machine-policy'], 'policy'));
    expect(allowed.sort()).toEqual([...new Set(stateMachineCalls(resources, arn))].sort());
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

  it('lets one service take each role, and one bucket of this account invoke the function', async () => {
    const resources = await renderedOf(name);
    const [handler = 'start-workflow'] = HANDLERS.filter((one) => resources[one]);
    const trusts = Object.entries(resources)
      .filter(([, { kind }]) => kind === 'Role')
      .map(([key, role]) => [
        key,
        statementsOf(role, 'assumeRolePolicy').map(({ Action, Principal }) => ({ Action, Principal })),
      ]);
    const by = (service: string) => [{ Action: ['sts:AssumeRole'], Principal: { Service: service } }];
    expect(Object.fromEntries(trusts)).toEqual({
      [`${handler}-role`]: by('lambda.amazonaws.com'),
      ...(resources['state-machine'] && { 'state-machine-role': by('states.amazonaws.com') }),
    });
    const [, partition = ''] = provider(resources[`${handler}-permission`], 'sourceArn').split(':');
    expect(at(resources[`${handler}-permission`], 'spec', 'forProvider')).toMatchObject({
      action: 'lambda:InvokeFunction',
      principal: 's3.amazonaws.com',
      sourceArn: `arn:${partition}:s3:::${stringAt(resources['bucket'], 'metadata', 'annotations', 'crossplane.io/external-name')}`,
      sourceAccount: '111122223333',
    });
  });
});

describe('the table above is what the handlers’ code does', () => {
  it.each(HANDLERS)('%s', (handler) => {
    const folder = new URL(`../../lambda/${handler}/`, import.meta.url);
    const shared = new URL('../../lambda/shared/', import.meta.url);
    const sources = [folder, shared].flatMap((where) =>
      readdirSync(where)
        .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
        .map((file) => readFileSync(new URL(file, where), 'utf8')),
    );
    const commands = sources.flatMap((source) =>
      [...source.matchAll(/new (\w+Command)\b/g)].map(([, command]) => command),
    );
    expect([...new Set(commands)]).toEqual(HANDLER_CALLS[handler].commands);
  });
});
