/** A scenario. */
import type { Ability } from './capabilities.ts';
import type { Stage } from './stage.ts';
import type { Substrate } from './substrate.ts';

export interface Scenario {
  /** One word, for SCENARIOS=. */
  name: string;
  /** What it proves, in one line. */
  title: string;
  /** Without these it is skipped, and the summary says so. */
  needs: readonly Ability[];
  /** Why a substrate cannot run it; undefined when it can. */
  lacksOn?(substrate: Substrate): string | undefined;
  /**
   * Proves it, and leaves nothing behind.
   *
   * @returns lines for the summary: figures, and parts that were skipped with their reasons.
   * @throws saying what was not as it should be.
   */
  run(stage: Stage): Promise<readonly string[]>;
}

/** Fails a scenario. */
export function expect(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise);
}
