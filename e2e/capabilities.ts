/** What the emulator of a run can do, asked of itself. A scenario that needs what it lacks is skipped by name, with the reason. */
import { zipFiles } from '../lambda/zip.ts';
import { answerUnless, type Clients } from '../local/aws.ts';
import { messageOf } from '../tools/errors.ts';

export type EmulatorName = 'ministack' | 'localstack';

/** What an emulator can do, or cannot. */
export type Ability =
  /** Alarms can be made. */
  | 'alarms'
  /** DynamoDB's provisioned capacity is scaled by Application Auto Scaling. */
  | 'autoscaling'
  /** HTTP APIs are served: the upload API of RunScript. */
  | 'httpApi'
  /** Lambda functions really run. */
  | 'lambda'
  /** The emulator's state can be compared with that of `make run`, which is on the same emulator. */
  | 'parity'
  /** DynamoDB has tables. */
  | 'tables';

/** Absent: it can. Present: why it cannot. */
export type Lacks = Readonly<Partial<Record<Ability, string>>>;

const PROBE = 'fileingest-e2e-ability';
const WORD = 'it runs';
const CODE = zipFiles({
  'index.mjs': Buffer.from('export const handler = async ({ word }) => word;\n'),
});

/** Makes a function, calls it, and removes it. @throws when it did not run. */
async function runFunction({ iam, lambda }: Clients): Promise<void> {
  const trust = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ],
  };
  const { Role } = await iam.createRole({
    RoleName: PROBE,
    AssumeRolePolicyDocument: JSON.stringify(trust),
  });
  try {
    await lambda.createFunction({
      ...{ FunctionName: PROBE, Runtime: 'nodejs24.x', Handler: 'index.handler', Timeout: 30 },
      ...{ Role: Role?.Arn, Code: { ZipFile: CODE } },
    });
    const payload = Buffer.from(JSON.stringify({ word: WORD }));
    // LocalStack's function is pending until its runtime is there.
    for (const last = Date.now() + 120_000; ; ) {
      const { Configuration } = await lambda.getFunction({ FunctionName: PROBE });
      if (Configuration?.State !== 'Pending') break;
      if (Date.now() > last) throw new Error('a function stayed pending for two minutes');
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    const { Payload, FunctionError } = await lambda.invoke({ FunctionName: PROBE, Payload: payload });
    const said = Buffer.from(Payload ?? []).toString();
    if (FunctionError !== undefined || said !== JSON.stringify(WORD))
      throw new Error(`a function said ${said}`);
  } finally {
    await answerUnless(lambda.deleteFunction({ FunctionName: PROBE }), 'ResourceNotFoundException');
    await iam.deleteRole({ RoleName: PROBE });
  }
}

interface Question {
  readonly ability: Ability;
  /** What an emulator lacks that does not answer. */
  readonly what: string;
  ask(clients: Clients): Promise<unknown>;
}

const QUESTIONS: readonly Question[] = [
  { ability: 'alarms', what: 'CloudWatch alarms', ask: ({ cloudwatch }) => cloudwatch.describeAlarms({}) },
  {
    ability: 'autoscaling',
    what: 'Application Auto Scaling',
    ask: ({ autoscaling }) => autoscaling.describeScalableTargets({ ServiceNamespace: 'dynamodb' }),
  },
  { ability: 'httpApi', what: 'HTTP APIs', ask: ({ apigateway }) => apigateway.getApis({}) },
  { ability: 'lambda', what: 'Lambda functions', ask: runFunction },
  { ability: 'tables', what: 'DynamoDB', ask: ({ dynamodb }) => dynamodb.listTables({}) },
];

const TITLES: Readonly<Record<EmulatorName, string>> = { ministack: 'MiniStack', localstack: 'LocalStack' };

/**
 * Asks an emulator what it can do. What is made for that is removed.
 *
 * @returns of each ability that it lacks the reason, with its own words, in one line.
 */
export async function askAbilities(emulator: EmulatorName, clients: Clients): Promise<Lacks> {
  const lacks: Partial<Record<Ability, string>> = {};
  if (emulator !== 'ministack')
    lacks.parity = '`make run` is on MiniStack, so only MiniStack can be compared with it';
  for (const { ability, what, ask } of QUESTIONS) {
    try {
      await ask(clients);
    } catch (error) {
      const [said = ''] = messageOf(error).split('\n');
      lacks[ability] = `${TITLES[emulator]} here has no ${what}: ${said}`;
    }
  }
  return lacks;
}
