/** The GitOps scenarios in the order in which they run. */
import type { GitOpsScenario } from '../stage.ts';
import { bad } from './bad.ts';
import { bounds } from './bounds.ts';
import { directory } from './directory.ts';
import { drift } from './drift.ts';
import { live } from './live.ts';
import { removal } from './removal.ts';
import { revisions } from './revisions.ts';
import { waves } from './waves.ts';

/** Installs all, for those that follow. */
export const FIRST: GitOpsScenario = waves;

export const SCENARIOS: readonly GitOpsScenario[] = [live, drift, bad, revisions, removal, bounds, directory];
