/** The type of a data path: what goes into a ready claim of a workflow type, and what comes out. */
import type { Json } from '../../function/src/objects.ts';
import type { Clients } from '../aws.ts';
import type { LocalFile } from '../files.ts';
import type { Parts } from '../parts.ts';
import type { Item } from '../upload.ts';

export interface Given {
  /** The claim, with its defaults. */
  readonly claim: Json;
  readonly parts: Parts;
  readonly clients: Clients;
  readonly files: readonly LocalFile[];
}

/** The result, for display. */
export interface Moved {
  /** What was sent, such as `9 files`, and how many of them are expected as items. */
  readonly sent: string;
  readonly recorded: number;
  /** The table's items, and the attributes to show. */
  readonly items: readonly Item[];
  readonly columns: readonly string[];
  /** The lines to show below the table. */
  readonly notes: readonly string[];
}

/** How to send something to a workflow type and to check the result. */
export interface DataPath {
  /** The folder in `examples` with the files that `make run` sends when FILES is not set. */
  readonly files: string;
  /** The composition resource names of the resources that must be ready before anything can be sent. */
  opens(claim: Json): readonly string[];
  /**
   * Sends one small file or input and waits for its item.
   *
   * @throws Error when there is no item in time
   */
  first(given: Omit<Given, 'files'>): Promise<void>;
  /**
   * Sends everything, waits for all results, and checks them.
   *
   * @param say - is told what is sent, at once.
   * @throws when anything is missing, wrong or too much.
   */
  move(given: Given, say: (line: string) => void): Promise<Moved>;
  /** Installs the programs that it needs on this machine. */
  install?(): Promise<unknown>;
  /** Starts a stand-in for a feature that the emulator lacks, for example to run virtual machines, until it is stopped. */
  attend?(given: Omit<Given, 'files'>): { stop(): Promise<void> };
}

/** How long to wait for items, in milliseconds. A throttled event is retried after one minute and after two more; a busy computer is slow. */
const PATIENCE_MS = 600_000;
const PATIENCE_MS_A_THING = 500;

/** How long to wait for this number of items, in milliseconds. */
export const patienceFor = (things: number): number => PATIENCE_MS + things * PATIENCE_MS_A_THING;
