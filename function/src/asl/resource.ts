/** Reads and checks the Resource of a Task, and of a Map's reader and writer. https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html */
import { DNS_SUFFIXES } from '../names.ts';
import { isDistributed, type Machine, type State } from './machine.ts';
import { checkIntegration } from './optimized.ts';
import { below, type Problem, problem } from './problem.ts';

export type Pattern = '' | 'sync' | 'waitForTaskToken';

/** The parts of an integration's ARN, such as `arn:aws:states:::aws-sdk:s3:copyObject`. */
export interface Integration {
  /** Whether it is an SDK integration. Its services have the SDK's names. */
  readonly sdk: boolean;
  /** The service, such as `dynamodb`, `s3` or `sfn`. */
  readonly service: string;
  /** The action, such as `putItem`. */
  readonly action: string;
  readonly pattern: Pattern;
  /** The suffix with the pattern. `sync:2` returns the output of a state machine as JSON. */
  readonly suffix: Pattern | 'sync:2';
}

/** The pattern of an ARN in any partition. */
const arn = (rest: RegExp) => new RegExp(`^arn:(?:${Object.keys(DNS_SUFFIXES).join('|')}):${rest.source}$`);

const INTEGRATION = arn(
  /states:[\w-]*:\d*:(aws-sdk:)?([a-z0-9-]+):(\w+)(?:\.(sync(?::2)?|waitForTaskToken))?/,
);

/** The integration in a resource, or undefined when it is not an integration, such as the ARN of a function. */
export function integrationOf(resource: unknown): Integration | undefined {
  const [, sdk, service, action, written = ''] =
    typeof resource === 'string' ? (INTEGRATION.exec(resource) ?? []) : [];
  // `activity:name` looks like a service with an action.
  if (service === undefined || action === undefined || service === 'activity') return undefined;
  return {
    sdk: sdk !== undefined,
    service,
    action,
    pattern: written.startsWith('sync') ? 'sync' : written === '' ? '' : 'waitForTaskToken',
    suffix: SUFFIXES.find((suffix) => suffix === written) ?? '',
  };
}

const SUFFIXES = ['sync', 'sync:2', 'waitForTaskToken'] as const;

const FUNCTION = arn(/lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(?::[\w$-]+)?/);
const ACTIVITY = arn(/states:[a-z0-9-]+:\d{12}:activity:[^\s:]+/);

/** Whether the resource is the ARN of a Lambda function. */
export const isFunctionArn = (resource: unknown): resource is string =>
  typeof resource === 'string' && FUNCTION.test(resource);

/** Whether the resource is an activity, which an external worker polls. */
export const isActivity = (resource: unknown): boolean =>
  typeof resource === 'string' && ACTIVITY.test(resource);

/** The Express executions of a machine (the definition's own or a Distributed Map's children), and the fix to make them Standard. */
export function expressOf(machine: Machine): { who: string; standard: string } {
  for (let one: Machine | undefined = machine; one; one = one.parent?.machine)
    if (one.parent && isDistributed(one.parent.state.value))
      return {
        who: `the Express children of ${one.parent.state.path}`,
        standard: 'ExecutionType: STANDARD there',
      };
  return { who: 'Express executions', standard: 'execution Standard' };
}

/** The problems of a Task's Resource. */
export function checkResource({ value, path }: State, machine: Machine): Problem[] {
  const resource = value['Resource'];
  const here = below(path, 'Resource');
  if (typeof resource !== 'string') return [];
  if (isFunctionArn(resource)) return [];
  const integration = integrationOf(resource);
  const activity = isActivity(resource);
  if (!integration && !activity)
    return problem(
      here,
      resource,
      'is nothing that a Task can call. Use an integration such as arn:aws:states:::dynamodb:putItem, or a function’s ARN.',
    );
  const wrong = integration ? checkIntegration(integration, resource, here) : [];
  if (wrong.length > 0) return wrong;
  if (machine.execution !== 'Express' || (!activity && integration?.pattern === '')) return [];
  const { who, standard } = expressOf(machine);
  return problem(
    here,
    resource,
    `waits, which ${who} cannot. Use the integration without .sync or .waitForTaskToken, or ${standard}.`,
  );
}
