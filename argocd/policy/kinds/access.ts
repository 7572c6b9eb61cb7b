/** The form of the tables beside this file. */
import type { Target } from '../places.ts';

/** When an action is needed: observing happens at every poll, and after each of the others. */
type Verb = 'create' | 'observe' | 'update' | 'delete';

export interface KindAccess {
  /** Files of the provider that make the calls. */
  source: readonly string[];
  /** The actions by what they are allowed on, then by verb. */
  needs: Partial<Record<Target, Partial<Record<Verb, readonly string[]>>>>;
}
