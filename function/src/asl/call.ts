/** The types of a call and its permissions, and functions that read resources from a call's arguments. */
import type { Json } from '../objects.ts';
import { type Known, known } from './arguments.ts';
import type { Place } from './arns.ts';
import type { Pattern } from './integration.ts';
import type { QueryLanguage } from './machine.ts';

/** Actions on resources. The resources are undefined when they are known only during the execution. */
export interface Grant {
  readonly actions: string[];
  readonly resources: string[] | undefined;
  readonly condition?: Record<string, Record<string, string>>;
  /** The argument with the resource. */
  readonly from: string;
}

export interface Call {
  readonly given: Json;
  readonly language: QueryLanguage;
  readonly pattern: Pattern;
  readonly place: Place;
  /** The ARN of the calling state machine. */
  readonly stateMachineArn: string;
}

/** Returns the permissions that a call needs. */
export type Grants = (call: Call) => Grant[];

/** One of the call's arguments. */
export const read = ({ given, language }: Call, name: string): Known => known(given, name, language);

/** Permissions for actions on the resource in one argument. */
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
