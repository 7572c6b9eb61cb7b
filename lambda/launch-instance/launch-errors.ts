import { EC2ServiceException } from '@aws-sdk/client-ec2';
import { reasonOf } from '../shared/errors.ts';

/**
 * Minutes that a launch is tried again. Capacity and quotas come back when other machines end; nearly all else that
 * heals, such as a role that EC2 does not see yet, does so within a minute or two of being made.
 */
const PATIENCE_MINUTES = { capacity: 10, other: 2 };

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
const CAPACITY = new Map([
  ['InsufficientInstanceCapacity', 'AWS has no machine of this type free'],
  ['InsufficientHostCapacity', 'AWS has no machine of this type free'],
  ['InsufficientCapacity', 'AWS has no machine of this type free'],
  ['InsufficientFreeAddressesInSubnet', 'the subnet has no address free'],
  ['InstanceLimitExceeded', "the account's limit of machines is reached"],
  ['VcpuLimitExceeded', "the account's limit of machines is reached"],
  ['VolumeLimitExceeded', "the account's limit of disks is reached"],
  ['MaxIOPSLimitExceeded', "the account's limit of disks is reached"],
  ['RequestLimitExceeded', 'AWS takes no more requests at the moment'],
  ['ThrottlingException', 'AWS takes no more requests at the moment'],
  ['Throttling', 'AWS takes no more requests at the moment'],
  ['ServiceUnavailable', 'AWS does not answer'],
  ['Unavailable', 'AWS does not answer'],
  ['InternalError', 'AWS does not answer'],
  ['InternalFailure', 'AWS does not answer'],
  // Of the SDK, when no answer comes.
  ['TimeoutError', 'AWS does not answer'],
]);

/** Whether EC2 refused a client token because the machine was started before, by a request with other settings. */
export function wasStartedBefore(error: unknown): boolean {
  return error instanceof EC2ServiceException && error.name === 'IdempotentParameterMismatch';
}

/** How long a launch that met this error is tried again, in milliseconds since the file came. */
export function patienceMs(error: unknown): number {
  const minutes = isCapacity(error) ? PATIENCE_MINUTES.capacity : PATIENCE_MINUTES.other;
  return minutes * 60_000;
}

/** What the person who uploaded is told. EC2's own words, without the encoded part that only an operator can read. */
export function launchErrorText(error: unknown): string {
  const known = error instanceof Error ? CAPACITY.get(error.name) : undefined;
  if (known !== undefined) return `No machine could be started: ${known}. Upload the file again later.`;
  const reason = reasonOf(error).replace(/ ?Encoded authorization failure message:.*$/s, '');
  return `No machine could be started, and someone must mend this pipeline first. ${reason.slice(0, 500)}`;
}

function isCapacity(error: unknown): boolean {
  return error instanceof Error && CAPACITY.has(error.name);
}
