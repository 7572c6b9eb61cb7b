/** What a rule of the front is. */
import type { Clients } from '../aws.ts';
import type { Call, Operation } from './call.ts';

/** An error as AWS gives it; the service's protocol gives it its form. */
export interface Refusal {
  status: number;
  code: string;
  message: string;
}

/** What the emulator answered, or what is answered in its place. */
export interface Answer {
  status: number;
  /** In the order and the letters of the wire: name, value, name, value. */
  rawHeaders: readonly string[];
  body: Buffer;
}

/** What becomes of the emulator's answer. */
export interface Sequel {
  after: (answer: Answer) => Answer | Promise<Answer>;
  /** Told where no answer came. */
  failed?: () => void;
}

/**
 * A refusal, an answer in the emulator's place, or what becomes of the emulator's answer. The request itself always reaches the
 * emulator byte for byte: it is signed.
 */
export type Verdict = { refusal: Refusal } | { answer: Answer } | Sequel;

/** The emulator itself, asked as the account's owner, in the account and the region of the request. */
export type Ask = Clients;

/** One thing that AWS does and the emulators do not. */
export interface Rule {
  /** Where AWS says so. */
  page: string;
  operations: readonly Operation[];
  /** Undefined where the rule has nothing to say. */
  judge(call: Call, ask: Ask): Verdict | undefined | Promise<Verdict | undefined>;
}

/** A verdict of refusal; AWS's status for it is 400 nearly everywhere. */
export function refuse(code: string, message: string, status = 400): Verdict {
  return { refusal: { status, code, message } };
}
