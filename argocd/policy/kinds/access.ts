/** The form of the tables beside this file. */
import type { Target } from '../places.ts';

/** When an action is needed: observing happens at every poll, and after each of the others. */
type Verb = 'create' | 'observe' | 'update' | 'delete';

export interface KindAccess {
  /** The source files of the provider with the calls. */
  readonly source: readonly string[];
  /** The actions, by target and then by verb. */
  readonly needs: Partial<Record<Target, Partial<Record<Verb, readonly string[]>>>>;
}
