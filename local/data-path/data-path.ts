/** What goes into a ready claim of a workflow type, and what comes out. */
import type { Json } from '../../function/src/objects.ts';
import type { Clients } from '../aws.ts';
import type { LocalFile } from '../files.ts';
import type { Parts } from '../parts.ts';
import type { Item } from '../upload.ts';

export interface Given {
  /** The claim, with its defaults. */
  claim: Json;
  parts: Parts;
  clients: Clients;
  files: readonly LocalFile[];
}

/** What came out, for people. */
export interface Moved {
  /** What was sent, such as `9 files`, and how many of them were to be recorded. */
  sent: string;
  recorded: number;
  /** The table's items, and the attributes to show of them. */
  items: readonly Item[];
  columns: readonly string[];
  /** Lines below the table. */
  notes: readonly string[];
}

/** One workflow type's way from what is sent to what is recorded. */
export interface DataPath {
  /** Folder below `examples` with what `make run` sends where FILES names none. */
  files: string;
  /** Composition resource names of what is ready before the first thing can be sent. */
  opens(claim: Json): readonly string[];
  /**
   * Sends one small thing and waits for its item.
   *
   * @throws when there is none in time.
   */
  first(given: Omit<Given, 'files'>): Promise<void>;
  /**
   * Sends everything, waits for all that has to come out, and checks it.
   *
   * @param say - is told what is sent, at once.
   * @throws when anything is missing, wrong or too much.
   */
  move(given: Given, say: (line: string) => void): Promise<Moved>;
  /** Installs what it needs on this machine, where that is not there yet. */
  install?(): Promise<unknown>;
  /** Stands in, until it is stopped, for what the emulator does not do of what people send themselves. */
  attend?(given: Omit<Given, 'files'>): { stop(): Promise<void> };
}

/** How long to wait for items: retries of throttled events take most of a minute. */
const PATIENCE_MS = 90_000;
const PATIENCE_MS_A_THING = 500;

/** How long to wait for the items of so many things, in milliseconds. */
export const patienceFor = (things: number): number => PATIENCE_MS + things * PATIENCE_MS_A_THING;
