/** A call of a service, and what reads the resources of its permissions from its arguments. */
import type { Json } from '../objects.ts';
import { type Known, known } from './arguments.ts';
import type { Place } from './arns.ts';
import type { Pattern } from './integration.ts';
import type { QueryLanguage } from './machine.ts';

/** Actions on resources; no resources where they are known at execution only. */
export interface Grant {
  actions: string[];
  resources: string[] | undefined;
  condition?: Record<string, Record<string, string>>;
  /** The argument that says which resource it is. */
  from: string;
}

export interface Call {
  given: Json;
  language: QueryLanguage;
  pattern: Pattern;
  place: Place;
  /** The caller's own. */
  stateMachineArn: string;
}

/** What a call must be allowed. */
export type Grants = (call: Call) => Grant[];

/** One of the call's arguments. */
export const read = ({ given, language }: Call, name: string): Known => known(given, name, language);

/** Actions on what one argument names. */
export const on =
  (
    from: string,
    resource: (text: string, place: Place) => string | undefined,
    ...actions: string[]
  ): Grants =>
  (call) => {
    const value = read(call, from);
    const found = value.is === 'constant' ? resource(value.text, call.place) : undefined;
    return [{ actions, resources: found === undefined ? undefined : [found], from }];
  };
