/** What `make e2e-gitops` is told. */
import { type RunOptions, readRunOptions } from '../options.ts';

export interface GitOpsOptions extends RunOptions {
  /** A folder that Argo CD's trees are drawn into. */
  readonly pictures?: string;
}

/** Options from the environment, as `readRunOptions` has them, and PICTURES. */
export function readGitOpsOptions(env: NodeJS.ProcessEnv, known: readonly string[]): GitOpsOptions {
  const options = readRunOptions(env, known);
  const pictures = env['PICTURES'];
  if (pictures && options.substrate !== 'host')
    throw new Error(`PICTURES=${pictures} needs SUBSTRATE=host, where Argo CD's API asks nobody to sign in`);
  return { ...options, ...(pictures && { pictures }) };
}
