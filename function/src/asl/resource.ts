/** What a Task's Resource, and a Map's reader and writer, call. https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html */

import { type FieldError, invalid } from '../errors.ts';
import { DNS_SUFFIXES } from '../names.ts';
import type { Integration } from './integration.ts';
import { isDistributed, type Machine, type State } from './machine.ts';
import { checkIntegration } from './optimized.ts';
import { below } from './problem.ts';

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

/** What is wrong with a Task's Resource. */
export function checkResource({ value, path }: State, machine: Machine): FieldError[] {
  const resource = value['Resource'];
  const here = below(path, 'Resource');
  if (typeof resource !== 'string') return [];
  if (isFunctionArn(resource)) return [];
  const integration = integrationOf(resource);
  const activity = isActivity(resource);
  if (!integration && !activity)
    return [
      invalid(
        here,
        resource,
        'must be something that a Task can call. Use an integration such as arn:aws:states:::dynamodb:putItem, or a function’s ARN.',
      ),
    ];
  const wrong = integration ? checkIntegration(integration, resource, here) : [];
  if (wrong.length > 0) return wrong;
  if (machine.execution !== 'Express' || (!activity && integration?.pattern === '')) return [];
  const { who, standard } = expressOf(machine);
  return [
    invalid(
      here,
      resource,
      `must not wait, since ${who} cannot. Use the integration without .sync or .waitForTaskToken, or ${standard}.`,
    ),
  ];
}
