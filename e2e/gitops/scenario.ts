/** A GitOps scenario. They run in order: each begins where the one before has left the cluster. */
import type { ScenarioOn } from '../scenario.ts';
import type { GitOpsStage } from './stage.ts';

export type GitOpsScenario = ScenarioOn<GitOpsStage>;

/** How long an environment may take to have what git says, all of it ready. */
export const LIVE_MS = 300_000;
