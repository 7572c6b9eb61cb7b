/** Who may invoke a function, and where a failed asynchronous invocation goes. */
import { randomUUID } from 'node:crypto';
import {
  AddPermissionCommand,
  DeleteFunctionEventInvokeConfigCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
  PutFunctionEventInvokeConfigCommand,
  RemovePermissionCommand,
} from '@aws-sdk/client-lambda';
import { at, defined, type Fields, isFields, needText, number, text } from '../fields.ts';
import { GROUPS, ifFound, type Kind, type Subject } from './kind.ts';

const ABSENT = 'ResourceNotFoundException';

function findStatement(policy: string | undefined, sid: string): Fields | undefined {
  const document: unknown = JSON.parse(policy ?? '{}');
  const statements = isFields(document) ? document['Statement'] : [];
  return Array.isArray(statements)
    ? statements.find((item) => isFields(item) && item['Sid'] === sid)
    : undefined;
}

/** IAM writes `{"Service": "s3.amazonaws.com"}` or `{"AWS": …}` for what AddPermission takes as one text. */
function principalOf({ Principal: principal }: Fields): unknown {
  return isFields(principal) ? (principal['Service'] ?? principal['AWS']) : principal;
}

/** Condition keys have no case; AWS and the emulator spell these two differently. */
function conditionOf(statement: Fields, operator: string, key: string): unknown {
  const condition = at(statement, `Condition.${operator}`);
  if (!isFields(condition)) return undefined;
  return Object.entries(condition).find(([name]) => name.toLowerCase() === key)?.[1];
}

const permission: Kind = {
  group: GROUPS.lambda,
  kind: 'Permission',
  fields: ['region', 'action', 'functionName', 'principal', 'sourceArn', 'sourceAccount', 'statementId'],
  references: [
    {
      from: 'functionNameRef',
      to: 'functionName',
      group: GROUPS.lambda,
      kind: 'Function',
      take: 'externalName',
    },
  ],
  namedBy: 'provider',
  immutable: ['action', 'functionName', 'principal', 'sourceArn', 'sourceAccount', 'statementId'],

  async observe({ clients, name, spec, applied }) {
    const FunctionName = text(applied, 'functionName') ?? needText(spec, 'functionName');
    const policy = await ifFound(clients.lambda.send(new GetPolicyCommand({ FunctionName })), ABSENT);
    const statement = findStatement(policy?.Policy, name);
    if (!statement) return undefined;
    return {
      state: defined({
        action: statement['Action'],
        functionName: FunctionName,
        principal: principalOf(statement),
        sourceArn: conditionOf(statement, 'ArnLike', 'aws:sourcearn'),
        sourceAccount: conditionOf(statement, 'StringEquals', 'aws:sourceaccount'),
        statementId: name,
      }),
      atProvider: { id: name },
      ready: true,
    };
  },

  async create({ clients, spec }) {
    const StatementId = text(spec, 'statementId') ?? `permission-${randomUUID()}`;
    await clients.lambda.send(
      new AddPermissionCommand({
        StatementId,
        FunctionName: needText(spec, 'functionName'),
        Action: needText(spec, 'action'),
        Principal: needText(spec, 'principal'),
        SourceArn: text(spec, 'sourceArn'),
        SourceAccount: text(spec, 'sourceAccount'),
      }),
    );
    return StatementId;
  },

  async update() {
    throw new Error('a Permission cannot be changed in place');
  },

  async remove({ clients, name, spec }) {
    const command = new RemovePermissionCommand({
      FunctionName: needText(spec, 'functionName'),
      StatementId: name,
    });
    await ifFound(clients.lambda.send(command), ABSENT);
  },
};

async function putInvokeConfig({ clients, spec }: Subject): Promise<string> {
  const FunctionName = needText(spec, 'functionName');
  const onFailure = text(spec, 'destinationConfig.onFailure.destination');
  const onSuccess = text(spec, 'destinationConfig.onSuccess.destination');
  await clients.lambda.send(
    new PutFunctionEventInvokeConfigCommand({
      FunctionName,
      MaximumEventAgeInSeconds: number(spec, 'maximumEventAgeInSeconds'),
      MaximumRetryAttempts: number(spec, 'maximumRetryAttempts'),
      DestinationConfig: {
        ...(onFailure ? { OnFailure: { Destination: onFailure } } : {}),
        ...(onSuccess ? { OnSuccess: { Destination: onSuccess } } : {}),
      },
    }),
  );
  return FunctionName;
}

const eventInvokeConfig: Kind = {
  group: GROUPS.lambda,
  kind: 'FunctionEventInvokeConfig',
  fields: [
    ...['region', 'functionName', 'maximumEventAgeInSeconds', 'maximumRetryAttempts'],
    ...['destinationConfig.onFailure.destination', 'destinationConfig.onSuccess.destination'],
  ],
  references: [
    {
      from: 'destinationConfig.onFailure.destinationRef',
      to: 'destinationConfig.onFailure.destination',
      group: GROUPS.sqs,
      kind: 'Queue',
      take: 'status.arn',
    },
  ],
  namedBy: 'provider',
  immutable: ['functionName'],
  defaults: { maximumRetryAttempts: 2 },

  async observe({ clients, name }) {
    const command = new GetFunctionEventInvokeConfigCommand({ FunctionName: name });
    const found = await ifFound(clients.lambda.send(command), ABSENT);
    if (!found) return undefined;
    const { OnFailure, OnSuccess } = found.DestinationConfig ?? {};
    return {
      state: defined({
        functionName: name,
        maximumEventAgeInSeconds: found.MaximumEventAgeInSeconds,
        maximumRetryAttempts: found.MaximumRetryAttempts ?? 2,
        destinationConfig: {
          onFailure: OnFailure ? { destination: OnFailure.Destination } : {},
          onSuccess: OnSuccess ? { destination: OnSuccess.Destination } : {},
        },
      }),
      atProvider: { id: name },
      ready: true,
    };
  },

  create: putInvokeConfig,

  async update(subject) {
    await putInvokeConfig(subject);
  },

  async remove({ clients, name }) {
    const command = new DeleteFunctionEventInvokeConfigCommand({ FunctionName: name });
    await ifFound(clients.lambda.send(command), ABSENT);
  },
};

export const lambdaSettingKinds = [permission, eventInvokeConfig];
