/** The types of the front's rules. */
import type { Clients } from '../aws.ts';
import type { Call, Operation } from './call.ts';

/** An error of AWS. The service's protocol determines its format. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** The answer of the emulator, or an answer in its place. */
export interface Answer {
  readonly status: number;
  /** The headers in their original order and case: name, value, name, value. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/** Callbacks for the emulator's answer. */
export interface Sequel {
  readonly after: (answer: Answer) => Answer | Promise<Answer>;
  /** Called when there is no answer. */
  readonly failed?: () => void;
}

/**
 * A refusal, an answer in the emulator's place, or callbacks for the emulator's answer. A request that is forwarded is never changed,
 * as it is signed.
 */
export type Verdict = { refusal: Refusal } | { answer: Answer } | Sequel;

/** Clients of the emulator itself, with the account owner's key, in the account and region of the request. */
export type Ask = Clients;

/** A behaviour of AWS that the emulators lack. */
export interface Rule {
  /** The AWS page about it. */
  readonly page: string;
  readonly operations: readonly Operation[];
  /** Judges a call. Undefined when the rule does not apply. */
  judge(call: Call, ask: Ask): Verdict | undefined | Promise<Verdict | undefined>;
}

/** A verdict that rejects a call. AWS's status is almost always 400. */
export function refuse(code: string, message: string, status = 400): Verdict {
  return { refusal: { status, code, message } };
}
