import { type Environment, requiredText } from '../shared/env.ts';
import { ConfigurationError, describe } from '../shared/errors.ts';

/** The parameters of the user data of a pipeline's virtual machines, besides the upload's id. */
export interface VmParameters {
  readonly region: string;
  readonly table: string;
  readonly partitionKey: string;
  /** The bucket of uploads and outputs. */
  readonly bucket: string;
  /** The S3 object that holds the script. */
  readonly scriptBucket: string;
  readonly scriptKey: string;
  /** The time limit of the script, in seconds. */
  readonly timeoutSeconds: number;
}

/** The time for boot, download and upload, in minutes. After the script's limit plus this time, the virtual machine terminates itself. */
export const MACHINE_GRACE_MINUTES = 5;

/** The time in addition to the script until a virtual machine counts as lost, in minutes. It is longer than its own grace time. */
export const DEADLINE_GRACE_MINUTES = 10;

const MAX_TIMEOUT_MINUTES = 1440;

/** The deadline of a virtual machine that was started at `start`. Both are in epoch seconds. */
export function deadlineOf(start: number, timeoutSeconds: number): number {
  return start + timeoutSeconds + DEADLINE_GRACE_MINUTES * 60;
}

/**
 * The value of `TIMEOUT_MINUTES`, in seconds.
 *
 * @throws ConfigurationError unless it is a whole number of minutes from 1 to 1440
 */
export function timeoutSecondsFrom(env: Environment): number {
  const text = requiredText(env, 'TIMEOUT_MINUTES', 'the minutes that the script may take');
  const minutes = /^[1-9][0-9]{0,3}$/.test(text) ? Number(text) : Number.NaN;
  if (!(minutes <= MAX_TIMEOUT_MINUTES)) {
    throw new ConfigurationError(
      `TIMEOUT_MINUTES is ${describe(text)}: set it to a whole number of minutes from 1 to ${MAX_TIMEOUT_MINUTES}`,
    );
  }
  return minutes * 60;
}

/**
 * The parameters from the launcher's environment: `AWS_REGION`, `TABLE_NAME`, `PARTITION_KEY`, `BUCKET`,
 * `SCRIPT_BUCKET`, `SCRIPT_KEY`, `TIMEOUT_MINUTES`.
 *
 * @throws ConfigurationError with the variable that is missing or wrong
 */
export function vmParameters(env: Environment): VmParameters {
  return {
    region: requiredText(env, 'AWS_REGION', 'the region of the pipeline'),
    table: requiredText(env, 'TABLE_NAME', 'the name of the table'),
    partitionKey: requiredText(env, 'PARTITION_KEY', "the name of the table's partition key"),
    bucket: requiredText(env, 'BUCKET', 'the name of the bucket of uploads and outputs'),
    scriptBucket: requiredText(env, 'SCRIPT_BUCKET', 'the name of the bucket that holds the script'),
    scriptKey: requiredText(env, 'SCRIPT_KEY', "the script's key in its bucket"),
    timeoutSeconds: timeoutSecondsFrom(env),
  };
}
