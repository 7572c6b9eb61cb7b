/** What a Task's Resource, and a Map's reader and writer, call. https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html */
import { DNS_SUFFIXES } from '../names.ts';
import type { State } from './machine.ts';
import { below, type Problem, problem } from './problem.ts';

export type Execution = 'Standard' | 'Express';

export type Pattern = '' | 'sync' | 'waitForTaskToken';

/** `arn:aws:states:::aws-sdk:s3:copyObject` and its like, read. */
export interface Integration {
  /** Whether it is an SDK integration, whose services have the SDK's names. */
  sdk: boolean;
  /** Such as `dynamodb`, `s3` or `sfn`. */
  service: string;
  /** Such as `putItem`. */
  action: string;
  pattern: Pattern;
}

/** An ARN, in any partition, whose rest matches. */
const arn = (rest: RegExp) => new RegExp(`^arn:(?:${Object.keys(DNS_SUFFIXES).join('|')}):${rest.source}$`);

const INTEGRATION = arn(
  /states:[\w-]*:\d*:(aws-sdk:)?([a-z0-9-]+):(\w+)(?:\.(sync(?::2)?|waitForTaskToken))?/,
);

/** The integration that a resource names; undefined where it names none, as a function's own ARN does. */
export function integrationOf(resource: unknown): Integration | undefined {
  const [, sdk, service, action, pattern = ''] =
    typeof resource === 'string' ? (INTEGRATION.exec(resource) ?? []) : [];
  // `activity:name` looks like a service with its action.
  if (service === undefined || action === undefined || service === 'activity') return undefined;
  return {
    sdk: sdk !== undefined,
    service,
    action,
    pattern: pattern.startsWith('sync') ? 'sync' : pattern === '' ? '' : 'waitForTaskToken',
  };
}

const FUNCTION = arn(/lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(?::[\w$-]+)?/);
const ACTIVITY = arn(/states:[a-z0-9-]+:\d{12}:activity:[^\s:]+/);

/** Whether the resource is a Lambda function's own ARN. */
export const isFunctionArn = (resource: unknown): resource is string =>
  typeof resource === 'string' && FUNCTION.test(resource);

/** Whether the resource is an activity, which a worker outside of AWS polls. */
export const isActivity = (resource: unknown): boolean =>
  typeof resource === 'string' && ACTIVITY.test(resource);

/** What is wrong with a Task's Resource. */
export function checkResource({ value, path }: State, execution: Execution): Problem[] {
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
  if (execution === 'Express' && (activity || integration?.pattern !== ''))
    return problem(
      here,
      resource,
      'waits, which Express executions cannot. Use the integration without .sync or .waitForTaskToken, or execution Standard.',
    );
  return [];
}
