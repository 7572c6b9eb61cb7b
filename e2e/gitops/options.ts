/** What `make e2e-gitops` is told. */

import { oneOf, words } from '../../tools/options.ts';
import type { EmulatorName } from '../capabilities.ts';
import { emulatorOf } from '../options.ts';

export interface GitOpsOptions {
  substrate: 'kind' | 'host';
  emulator: EmulatorName;
  keep: boolean;
  /** Names of scenarios; all of them when empty. */
  only: readonly string[];
  /** A folder that Argo CD's trees are drawn into. */
  pictures?: string;
}

/**
 * Options from the environment: SUBSTRATE, EMULATOR, KEEP, SCENARIOS, PICTURES. An empty one counts as not given.
 *
 * @param known - names of all scenarios.
 * @throws naming the option that is not what it should be.
 */
export function readGitOpsOptions(env: NodeJS.ProcessEnv, known: readonly string[]): GitOpsOptions {
  const substrate = oneOf('SUBSTRATE', env['SUBSTRATE'] || 'kind', ['kind', 'host']);
  const only = words(env['SCENARIOS']);
  for (const name of only) oneOf('SCENARIOS', name, known);
  const pictures = env['PICTURES'];
  if (pictures && substrate !== 'host')
    throw new Error(`PICTURES=${pictures} needs SUBSTRATE=host, where Argo CD's API asks nobody to sign in`);
  return {
    ...{ substrate, emulator: emulatorOf(env, substrate), keep: env['KEEP'] === '1', only },
    ...(pictures && { pictures }),
  };
}
