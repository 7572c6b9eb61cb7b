import { EC2ServiceException } from '@aws-sdk/client-ec2';
import { reasonOf } from '../shared/errors.ts';

/**
 * How long a launch is retried, in minutes. Capacity and quotas become free when other virtual machines terminate. Most
 * other temporary errors, such as a new role that EC2 does not see yet, disappear within one or two minutes.
 */
const PATIENCE_MINUTES = { capacity: 10, other: 2 };

/** The reasons for errors of capacity. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
const CAPACITY = new Map([
  ['InsufficientInstanceCapacity', 'AWS has no capacity for this type of virtual machine'],
  ['InsufficientHostCapacity', 'AWS has no capacity for this type of virtual machine'],
  ['InsufficientCapacity', 'AWS has no capacity for this type of virtual machine'],
  ['InsufficientFreeAddressesInSubnet', 'the subnet has no free address'],
  ['InstanceLimitExceeded', "the account's limit of virtual machines is reached"],
  ['VcpuLimitExceeded', "the account's limit of virtual machines is reached"],
  ['VolumeLimitExceeded', "the account's limit of disks is reached"],
  ['MaxIOPSLimitExceeded', "the account's limit of disks is reached"],
  ['RequestLimitExceeded', 'AWS accepts no more requests at the moment'],
  ['ThrottlingException', 'AWS accepts no more requests at the moment'],
  ['Throttling', 'AWS accepts no more requests at the moment'],
  ['ServiceUnavailable', 'AWS does not answer'],
  ['Unavailable', 'AWS does not answer'],
  ['InternalError', 'AWS does not answer'],
  ['InternalFailure', 'AWS does not answer'],
  // From the SDK, when there is no answer.
  ['TimeoutError', 'AWS does not answer'],
]);

/** Whether EC2 rejected the client token because an earlier request, with other settings, started the virtual machine. */
export function wasStartedBefore(error: unknown): boolean {
  return error instanceof EC2ServiceException && error.name === 'IdempotentParameterMismatch';
}

/** How long a launch with this error is retried, in milliseconds since the file arrived. */
export function patienceMs(error: unknown): number {
  const minutes = isCapacity(error) ? PATIENCE_MINUTES.capacity : PATIENCE_MINUTES.other;
  return minutes * 60_000;
}

/** The message for the user who uploaded the file: EC2's message without the encoded part, which only an operator can decode. */
export function launchErrorText(error: unknown): string {
  const known = error instanceof Error ? CAPACITY.get(error.name) : undefined;
  if (known !== undefined)
    return `The virtual machine could not be started: ${known}. Upload the file again later.`;
  const reason = reasonOf(error).replace(/ ?Encoded authorization failure message:.*$/s, '');
  return `The virtual machine could not be started, because this pipeline has a fault. Report this message. ${reason.slice(0, 500)}`;
}

function isCapacity(error: unknown): boolean {
  return error instanceof Error && CAPACITY.has(error.name);
}
