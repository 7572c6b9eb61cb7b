/** What a scenario is. */
import type { Ability } from './capabilities.ts';
import type { Stage } from './stage.ts';

/** A scenario on a kind of stage. */
export interface ScenarioOn<T> {
  /** One word, for SCENARIOS=. */
  readonly name: string;
  /** What it proves, in one line. */
  readonly title: string;
  /**
   * Proves it.
   *
   * @returns lines for the summary: figures, and parts that were skipped with their reasons.
   * @throws saying what was not as it should be.
   */
  run(stage: T): Promise<readonly string[]>;
}

/** A scenario of `make e2e`, which leaves nothing behind. */
export interface Scenario extends ScenarioOn<Stage> {
  /** Without these it is skipped, and the summary says so. */
  readonly needs: readonly Ability[];
  /** Why it cannot be run there, beside what it needs; undefined when it can. */
  lacksOn?(stage: Stage): string | undefined;
}

/** What a file goes through. */
export const DATA_PATH: readonly Ability[] = ['lambda', 'tables'];

/** Fails a scenario. */
export function expect(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise);
}

/** Fails a scenario that found what should not be there. */
export function expectNone(found: readonly string[], what: string): void {
  expect(found.length === 0, `${what}:\n  ${found.join('\n  ')}`);
}
