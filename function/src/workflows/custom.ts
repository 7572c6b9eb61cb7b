/**
 * Custom: the user's own state machine, in Amazon States Language. It is checked before anything is created. Names replace substitutions
 * such as `${Table.Name}`, and the permissions of its role are derived from the calls of its states.
 */
import { check } from '../asl/check.ts';
import { restoreNulls } from '../asl/nulls.ts';
import { checkOwnTrigger } from '../asl/own-trigger.ts';
import { deriveStatements } from '../asl/permissions.ts';
import { below, refuse } from '../asl/problem.ts';
import { type Substitutions, substitute } from '../asl/substitute.ts';
import type { Context } from '../context.ts';
import { type FieldError, invalid, required, specError, tooLong } from '../errors.ts';
import { allow, type Statement, useBucketKey } from '../iam.ts';
import { KEYS } from '../keys.ts';
import { type Arns, arnsOf, bucketArn } from '../names.ts';
import { inOrder, isObject, type Json } from '../objects.ts';
import { functionName } from '../resources/lambdas.ts';
import type { FunctionPlan, Workflow, WorkflowPlan } from '../workflow.ts';
import { executionType, startWorkflow } from './parts.ts';
import { tableKeyStatements } from './table-use.ts';

type Settings = NonNullable<Context['spec']['workflow']['custom']>;
type CustomFunction = NonNullable<Settings['functions']>[number];
type PolicyStatement = NonNullable<Settings['policyStatements']>[number];

const PATH = 'spec.workflow.custom';
/** The limit of Lambda for names and values together. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MOST_ENVIRONMENT_BYTES = 4096;
/** A placeholder for the account in checks, while the account is unknown. */
const ANY_ACCOUNT = '000000000000';

/** The values of the substitutions in a claim. */
function substitutions(context: Context, settings: Settings, arns: Arns): Substitutions {
  const { names, spec } = context;
  const functions = (settings.functions ?? []).map(({ name }): [string, string] => [
    `Functions.${name}.Arn`,
    arns.function(functionName(context, name)),
  ]);
  return {
    ...(settings.trigger === 'Upload' && {
      'Bucket.Name': names.bucket,
      'Bucket.Arn': bucketArn(spec.region, names.bucket),
    }),
    'Table.Name': names.table,
    'Table.Arn': arns.table,
    ...Object.fromEntries(functions),
    'DeadLetterQueue.Url': arns.deadLetterQueueUrl,
    'DeadLetterQueue.Arn': arns.deadLetterQueue,
  };
}

/** The claim's own statements. Problems in their resources are added to `problems`. */
function ownStatements(
  given: readonly PolicyStatement[] | undefined,
  path: string,
  known: Substitutions,
  problems: FieldError[],
): Statement[] {
  return (given ?? []).map(({ actions, resources, conditions }, index) => {
    const at = below(below(path, index), 'resources');
    const made = substitute(resources, known, at);
    problems.push(...made.problems);
    const arns = Array.isArray(made.value) ? made.value.map(String) : [];
    for (const [item, arn] of made.problems.length > 0 ? [] : arns.entries()) {
      if (!/^(arn:[^:]*:[^:]*:[^:]*:[^:]*:.+|\*)$/.test(arn))
        problems.push(
          invalid(
            below(at, item),
            resources[item],
            'must be an ARN, or * for everything. Write one of them.',
          ),
        );
    }
    return allow(`Own${index + 1}`, actions, arns, conditions);
  });
}

function codeOf({ code, runtime, handler, imageUri }: CustomFunction): FunctionPlan['code'] {
  if (imageUri !== undefined) return { imageUri };
  // The rules of the XRD ensure that one of them exists, with all its fields.
  const { bucket = '', key = '', sha256 = '' } = code ?? {};
  return { bucket, key, sha256, runtime: runtime ?? '', entry: handler ?? '' };
}

function ownFunction(
  given: CustomFunction,
  path: string,
  known: Substitutions,
  problems: FieldError[],
): FunctionPlan {
  const { name, memoryMB, timeoutSeconds } = given;
  const variables = substitute(given.environment ?? {}, known, below(path, 'environment'));
  problems.push(...variables.problems);
  const environment = isObject(variables.value)
    ? Object.fromEntries(Object.entries(variables.value).map(([key, value]) => [key, String(value)]))
    : {};
  const bytes = Buffer.byteLength(Object.entries(environment).flat().join(''));
  if (bytes > MOST_ENVIRONMENT_BYTES)
    problems.push(
      tooLong(
        below(path, 'environment'),
        { has: bytes, most: MOST_ENVIRONMENT_BYTES, unit: 'bytes' },
        'Shorten the values, or read them from S3 or SSM.',
      ),
    );
  const statements = ownStatements(given.policyStatements, below(path, 'policyStatements'), known, problems);
  return {
    key: name,
    description: `Runs ${name} of the workflow`,
    code: codeOf(given),
    invocation: 'Call',
    own: { memoryMB, timeoutSeconds },
    environment: () => environment,
    statements: () => statements,
  };
}

/** Allows the use of the KMS keys of the table and the bucket, if a statement allows access to their content. */
function keyStatements(context: Context, arns: Arns, statements: readonly Statement[]): Statement[] {
  const { source, region } = context.spec;
  const bucket = bucketArn(region, context.names.bucket);
  const touches = (service: string, arn: string) =>
    statements.some(
      ({ Action, Resource = [] }) =>
        Action.some((action) => action.startsWith(`${service}:`)) &&
        Resource.some((one) => one === arn || one.startsWith(`${arn}/`)),
    );
  return [
    ...(touches('dynamodb', arns.table) ? tableKeyStatements(context) : []),
    ...(source.kmsKeyArn !== undefined && touches('s3', bucket)
      ? [useBucketKey(source.kmsKeyArn, region, 'write')]
      : []),
  ];
}

/** Removes sending dead letters from a statement, as every state machine has this permission. */
function withoutDeadLetters(statement: Statement, arns: Arns): Statement[] {
  const others = statement.Resource?.filter((resource) => resource !== arns.deadLetterQueue) ?? [];
  if (statement.Sid !== 'SqsSendMessage') return [statement];
  return others.length > 0 ? [{ ...statement, Resource: others }] : [];
}

interface Machine {
  readonly definition: Json;
  readonly statements: Statement[];
}

/** The state machine. Problems are added to `problems`. After a problem, later checks are skipped, since they would be misleading. */
function machine(
  context: Context,
  settings: Settings,
  arns: Arns,
  known: Substitutions,
  problems: FieldError[],
): Machine {
  const path = below(PATH, 'definition');
  const own = ownStatements(settings.policyStatements, below(PATH, 'policyStatements'), known, problems);
  const { value, problems: unknown } = substitute(restoreNulls(settings.definition), known, path);
  const execution = context.spec.workflow.execution === 'Express' ? 'Express' : 'Standard';
  const wrong = unknown.length > 0 ? unknown : check(value, path, execution);
  problems.push(...wrong);
  if (wrong.length > 0 || !isObject(value)) return { definition: {}, statements: [] };
  const derived = deriveStatements(value, {
    path,
    region: context.spec.region,
    accountId: arns.accountId,
    stateMachineArn: arns.stateMachine,
    policyStatements: settings.policyStatements ?? [],
  });
  problems.push(...derived.problems);
  if (settings.trigger === 'Upload') {
    const { region, source } = context.spec;
    const { prefix = '', suffixes = [] } = source;
    problems.push(
      ...checkOwnTrigger(value, path, { bucket: context.names.bucket, region, prefix, suffixes }),
    );
  }
  const statements = [...derived.statements.flatMap((one) => withoutDeadLetters(one, arns)), ...own];
  return { definition: value, statements: [...statements, ...keyStatements(context, arns, statements)] };
}

/** Plans the parts of a claim. Throws a SpecError with all problems. */
function plan(context: Context): WorkflowPlan {
  // The order of fields varies between runs, and must not change the text that is written from them.
  const custom = inOrder(context.spec.workflow.custom);
  if (!custom) {
    throw specError(
      required(PATH, 'type Custom needs a state machine. Add workflow.custom with definition.'),
    );
  }
  // The checks do not depend on the account, and nothing with an ARN is emitted while the account is unknown.
  const arns = context.arns ?? arnsOf(context.spec.region, ANY_ACCOUNT, context.names);
  const known = substitutions(context, custom, arns);
  const problems: FieldError[] = [];
  const { definition, statements } = machine(context, custom, arns, known, problems);
  const own = (custom.functions ?? []).map((given, index) =>
    ownFunction(given, below(below(PATH, 'functions'), index), known, problems),
  );
  refuse(problems);
  const starts = custom.trigger === 'Upload';
  return {
    functions: [...(starts ? [startWorkflow(context)] : []), ...own],
    stateMachine: {
      type: executionType(context),
      definition: () => definition,
      statements: () => statements,
    },
    ...(starts && { upload: { function: KEYS.startWorkflow } }),
  };
}

export const custom = {
  type: 'Custom',
  holds: 'items',
  partitionKey: 'id',
  // What it writes is the user's own.
  attributes: [],
  executions: ['Standard', 'Express'],
  plan,
} satisfies Workflow;
