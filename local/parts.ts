/** Finds the names of a ready claim's resources. */
import { at, type Json, stringAt } from '../function/src/objects.ts';
import { completeSpec } from '../function/src/read-spec.ts';

/** The names of a claim's resources. Reading one that the claim does not have throws an error with its name. */
export interface Parts {
  readonly bucket: string;
  readonly destinationBucket: string;
  /** The URL of the upload API. */
  readonly url: string;
  readonly table: string;
  readonly partitionKey: string;
  /** The name of the first function. */
  readonly functionName: string;
  readonly functionNames: readonly string[];
  /** The ARN, or undefined for workflows without a state machine. */
  readonly stateMachine: string | undefined;
  /** The URL of the queue. */
  readonly deadLetterQueue: string;
}

/** The names that are known; undefined for others. */
export type Found = Partial<
  Record<'bucket' | 'destinationBucket' | 'url' | 'table' | 'deadLetterQueue', string | undefined>
> & {
  functionNames: readonly string[];
  stateMachine?: string | undefined;
};

/** An object with its own fields and the parts of a claim. */
export function withParts<T extends object>(base: T, claim: Json, found: Found): T & Parts {
  const required = (what: keyof Omit<Found, 'functionNames'> | 'functions', value: string | undefined) => {
    if (value === undefined)
      throw new Error(`the claim ${stringAt(claim, 'metadata', 'name')} has no ${what} yet`);
    return value;
  };
  return {
    ...base,
    get bucket() {
      return required('bucket', found.bucket);
    },
    get destinationBucket() {
      return required('destinationBucket', found.destinationBucket);
    },
    get url() {
      return required('url', found.url);
    },
    get table() {
      return required('table', found.table);
    },
    get functionName() {
      return required('functions', found.functionNames[0]);
    },
    get deadLetterQueue() {
      return required('deadLetterQueue', found.deadLetterQueue);
    },
    partitionKey: completeSpec(claim).table.partitionKey,
    functionNames: found.functionNames,
    stateMachine: found.stateMachine,
  };
}

/** The names in a claim's status. */
export function foundIn(composite: Json): Found {
  const { status } = composite;
  const functions = at(status, 'functions');
  return {
    bucket: stringAt(status, 'bucket'),
    destinationBucket: stringAt(status, 'destinationBucket'),
    url: stringAt(status, 'url'),
    table: stringAt(status, 'table'),
    deadLetterQueue: stringAt(status, 'deadLetterQueue'),
    functionNames: (Array.isArray(functions) ? functions : []).flatMap((one) => stringAt(one, 'name') ?? []),
    stateMachine: stringAt(status, 'stateMachine'),
  };
}

/** The parts of a ready claim, from its status. */
export const partsOf = (composite: Json): Parts => withParts({}, composite, foundIn(composite));
