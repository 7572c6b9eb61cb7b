/** What a ready claim made, by name. */
import { at, type Json, stringAt } from '../function/src/objects.ts';
import { completeSpec } from '../function/src/read-spec.ts';

/** Reading a part that the claim does not have throws, naming it. */
export interface Parts {
  readonly bucket: string;
  readonly destinationBucket: string;
  /** Of the upload API. */
  readonly url: string;
  readonly table: string;
  readonly partitionKey: string;
  /** The first function's. */
  readonly functionName: string;
  readonly functionNames: readonly string[];
  /** ARN; undefined for workflows without one. */
  readonly stateMachine: string | undefined;
  /** URL. */
  readonly deadLetterQueue: string;
}

/** What is known of a part: its name, or undefined. */
export type Found = Partial<
  Record<'bucket' | 'destinationBucket' | 'url' | 'table' | 'deadLetterQueue', string>
> & {
  functionNames: readonly string[];
  stateMachine?: string | undefined;
};

/** An object with the parts of a claim besides its own fields. */
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

/** What a claim's status tells of its parts. */
export function foundIn(composite: Json): Found {
  const { status } = composite;
  const functions = at(status, 'functions');
  const text = (field: string) => {
    const value = stringAt(status, field);
    return value === undefined ? {} : { [field]: value };
  };
  return {
    ...text('bucket'),
    ...text('destinationBucket'),
    ...text('url'),
    ...text('table'),
    ...text('deadLetterQueue'),
    functionNames: (Array.isArray(functions) ? functions : []).flatMap((one) => stringAt(one, 'name') ?? []),
    stateMachine: stringAt(status, 'stateMachine'),
  };
}

/** What a ready claim made, from its status. */
export const partsOf = (composite: Json): Parts => withParts({}, composite, foundIn(composite));
