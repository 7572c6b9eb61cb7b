/** Programs on the PATH, and the versions that they tell. */
import { delimiter, isAbsolute, join } from 'node:path';
import { runCommand } from '../command.ts';
import { isExecutable } from './cache.ts';
import type { VersionQuestion } from './modules.ts';

/** A program that answers takes far less. */
const ANSWER_MS = 30_000;

export interface OnPath {
  /** Absolute path of the program. */
  readonly path: string;
  /** Such as `v1.34.4`, or `v4.3` where it says no more; undefined where it tells none. */
  readonly version: string | undefined;
}

/** The first version in what a program prints, after other text. */
function versionIn(printed: string, after = ''): string | undefined {
  const from = printed.indexOf(after);
  const version = /\bv?(\d+\.\d+(\.\d+)?(-[\w.-]+)?)/.exec(from < 0 ? '' : printed.slice(from))?.[1];
  return version && `v${version}`;
}

/** The program of this name that a shell would start; undefined where there is none. */
export async function findOnPath(
  { command, args, env: more, after }: VersionQuestion,
  env: NodeJS.ProcessEnv = process.env,
): Promise<OnPath | undefined> {
  for (const folder of (env['PATH'] ?? '').split(delimiter).filter(isAbsolute)) {
    const path = join(folder, command);
    if (!(await isExecutable(path))) continue;
    const options = { env: { ...env, ...more }, timeoutMs: ANSWER_MS };
    const printed = await runCommand(path, args, options).catch(() => '');
    return { path, version: versionIn(printed, after) };
  }
  return undefined;
}
