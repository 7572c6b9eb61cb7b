/** A scenario, and what an emulator must be able to do for it. */
import type { Stage } from './stage.ts';
import type { Substrate } from './substrate.ts';

/** What an emulator can do, or cannot. */
export type Ability =
  /** Alarms can be made by the provider, which speaks RPC v2 CBOR. */
  | 'alarms'
  /** DynamoDB's provisioned capacity is scaled by Application Auto Scaling. */
  | 'autoscaling'
  /** HTTP APIs are served: the upload API of RunScript. */
  | 'httpApi'
  /** Lambda functions really run. */
  | 'lambda'
  /** The emulator's state can be compared with that of `make run`, which is on the same emulator. */
  | 'parity';

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
