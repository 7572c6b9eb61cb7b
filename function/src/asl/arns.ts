/** ARNs of what a call names in one of its arguments, as a policy takes them. */
import { literal } from '../iam.ts';
import { partitionOf } from '../names.ts';
import { REGION } from '../spec.ts';
import type { Known } from './arguments.ts';

export interface Place {
  readonly region: string;
  readonly accountId: string;
}

const arn = ({ region, accountId }: Place, service: string, resource: string) =>
  `arn:${partitionOf(region)}:${service}:${region}:${accountId}:${resource}`;

const isArn = (text: string) => text.startsWith('arn:');

/** The ARN of a resource, from its name or its ARN. */
const named = (service: string, prefix: string) => (name: string, place: Place) =>
  isArn(name) ? name : arn(place, service, `${prefix}${name}`);

export const tableArn = named('dynamodb', 'table/');
export const busArn = named('events', 'event-bus/');
export const stateMachineArn = named('states', 'stateMachine:');

/** The ARN of a function, from its name (`name`, `name:alias`), partial ARN (`account:function:name`) or ARN, with its qualifier. */
export function functionArn(name: string, qualifier: string | undefined, place: Place): string {
  const [account, kind, ...rest] = name.split(':');
  const partial = kind === 'function' && !isArn(name);
  const whole = isArn(name)
    ? name
    : partial
      ? arn({ ...place, accountId: account ?? '' }, 'lambda', `function:${rest.join(':')}`)
      : arn(place, 'lambda', `function:${name}`);
  return qualifier === undefined ? whole : `${whole}:${qualifier}`;
}

/** The ARN of a queue, from its URL with the path `/account/name`. Undefined for anything else. */
export function queueArn(url: string, place: Place): string | undefined {
  const [, host = '', accountId, name] = /^https?:\/\/([^/]+)\/(\d{12})\/([\w.-]+)$/.exec(url) ?? [];
  if (accountId === undefined || name === undefined) return undefined;
  const [service, found = ''] = host.split('.');
  const region = service === 'sqs' && REGION.test(found) ? found : place.region;
  return arn({ region, accountId }, 'sqs', name);
}

/** The ARN of a bucket or an access point, from its name or ARN. */
export const bucketArn = (bucket: string, { region }: Place) =>
  isArn(bucket) ? bucket : `arn:${partitionOf(region)}:s3:::${bucket}`;

/** The ARN of objects in a bucket: one object, or all whose key begins with the known part. */
export function objectArn(bucket: string, key: Known, place: Place): string {
  const objects = bucketArn(bucket, place).replace(/(:accesspoint\/[^/]+)$/, '$1/object');
  if (key.is === 'constant') return `${objects}/${literal(key.text)}`;
  return `${objects}/${key.is === 'dynamic' ? literal(key.head) : ''}*`;
}

/** The ARN of the executions of a state machine, whose ARN can end with a version or an alias. */
export function executionsArn(machine: string): string {
  const [partition, service, region, account, name = ''] = machine
    .split(':')
    .filter((_, index) => index !== 0 && index !== 5);
  return `arn:${partition}:${service}:${region}:${account}:execution:${name}:*`;
}

/** The ARN of the rule with which Step Functions gets the end of an execution. */
export const executionsRuleArn = (place: Place) =>
  arn(place, 'events', 'rule/StepFunctionsGetEventsForStepFunctionsExecutionRule');
