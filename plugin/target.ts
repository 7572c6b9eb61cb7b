/** A claim and the names of its resources, from its spec and status. */
import { isSpecError } from '../function/src/errors.ts';
import { type Identity, identityOf } from '../function/src/names.ts';
import { at, type Json, stringAt } from '../function/src/objects.ts';
import { completeSpec } from '../function/src/read-spec.ts';
import type { Spec } from '../function/src/spec.ts';
import { EXIT, Stop } from './stop.ts';

/** A condition of the claim. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** What a claim's status names; undefined where it does not yet, or never has one. */
export interface Target {
  readonly identity: Identity;
  readonly spec: Spec;
  /** When the claim was made. */
  readonly created: Date | undefined;
  readonly conditions: readonly Condition[];
  readonly waitingFor: readonly string[];
  readonly bucket: string | undefined;
  readonly table: string | undefined;
  /** The ARN. */
  readonly stateMachine: string | undefined;
  /** The URL. */
  readonly deadLetterQueue: string | undefined;
  /** The names. */
  readonly functions: readonly string[];
  readonly logGroups: readonly string[];
  /** The account, as far as an ARN tells it. */
  readonly accountId: string | undefined;
}

const listAt = (value: unknown, ...path: string[]): readonly unknown[] => {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
};

/**
 * Reads a claim.
 *
 * @throws Stop when its spec lacks what nothing can do without
 */
export function targetOf(claim: Json): Target {
  const { status } = claim;
  const functions = listAt(status, 'functions');
  const stateMachine = stringAt(status, 'stateMachine');
  const arns = [...functions.map((one) => stringAt(one, 'arn')), stateMachine];
  const created = stringAt(claim, 'metadata', 'creationTimestamp');
  return {
    identity: identityOf(claim),
    spec: specOf(claim),
    created: created === undefined ? undefined : new Date(created),
    conditions: listAt(status, 'conditions').map((one) => ({
      type: stringAt(one, 'type') ?? '',
      status: stringAt(one, 'status') ?? 'Unknown',
      reason: stringAt(one, 'reason') ?? '',
      message: stringAt(one, 'message') ?? '',
    })),
    waitingFor: listAt(status, 'waitingFor').map(String),
    bucket: stringAt(status, 'bucket'),
    table: stringAt(status, 'table'),
    stateMachine,
    deadLetterQueue: stringAt(status, 'deadLetterQueue'),
    functions: functions.flatMap((one) => stringAt(one, 'name') ?? []),
    logGroups: listAt(status, 'logGroups').map(String),
    accountId: arns.find((arn) => arn !== undefined)?.split(':')[4],
  };
}

function specOf(claim: Json): Spec {
  try {
    return completeSpec(claim);
  } catch (error) {
    if (!isSpecError(error)) throw error;
    throw new Stop(error.message, EXIT.notReady, { cause: error });
  }
}

/**
 * A name that a command needs.
 *
 * @throws Stop when the status does not tell it yet
 */
export function need(target: Target, what: 'bucket' | 'table' | 'deadLetterQueue'): string {
  const { name } = target.identity;
  const found = target[what];
  if (found !== undefined) return found;
  throw new Stop(
    `status.${what}: Required value: ${name} is not ready for this. kubectl fip status ${name} says what it waits for.`,
    EXIT.notReady,
  );
}
