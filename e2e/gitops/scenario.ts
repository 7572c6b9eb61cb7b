/** A GitOps scenario. They run in order: each begins where the one before has left the cluster. */
import type { GitOpsStage } from './stage.ts';

export interface GitOpsScenario {
  /** One word. */
  name: string;
  /** What it proves, in one line. */
  title: string;
  /**
   * Proves it.
   *
   * @returns lines for the summary.
   * @throws saying what was not as it should be.
   */
  run(stage: GitOpsStage): Promise<readonly string[]>;
}

/** How long an environment may take to have what git says, all of it ready. */
export const LIVE_MS = 300_000;
