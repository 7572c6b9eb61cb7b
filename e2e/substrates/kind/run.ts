/** Runs the commands of the kind substrate, with the project's own settings and never the user's. */
import { join } from 'node:path';
import { completeCommand } from '../../../tools/command.ts';
import type { Names } from './names.ts';

export type Program = 'docker' | 'kind' | 'helm' | 'kubectl' | 'crossplane';

export interface Command {
  readonly program: Program;
  readonly args: readonly string[];
  /** Given to its standard input. */
  readonly input?: string;
}

/** Resolves with what a command printed; rejects naming the command when it did not exit with 0. */
export type Run = (command: Command) => Promise<{ readonly stdout: string; readonly stderr: string }>;

/**
 * The environment of every command. Settings that would point kind, kubectl or Helm to another cluster, network or
 * repository are left out; what Docker needs to find its engine stays.
 */
export function commandEnvironment(own: NodeJS.ProcessEnv, names: Names): NodeJS.ProcessEnv {
  const kept = Object.entries(own).filter(([name]) => !/^(KUBE|KIND_|HELM_)/.test(name));
  const helm = join(names.folder, 'helm');
  return {
    ...Object.fromEntries(kept),
    KUBECONFIG: names.kubeconfig,
    KIND_EXPERIMENTAL_PROVIDER: 'docker',
    HELM_CACHE_HOME: join(helm, 'cache'),
    HELM_CONFIG_HOME: join(helm, 'config'),
    HELM_DATA_HOME: join(helm, 'data'),
  };
}

/** A runner for programs at these paths. A command that takes longer than `timeoutSeconds` is killed. */
export function createRun(
  paths: Readonly<Record<Program, string>>,
  env: NodeJS.ProcessEnv,
  timeoutSeconds = 1800,
): Run {
  return ({ program, args, input = '' }) =>
    completeCommand(paths[program], args, { env, input, timeoutMs: timeoutSeconds * 1000, name: program });
}

/** What a command printed on its standard output. */
export const printed = async (run: Run, command: Command): Promise<string> => (await run(command)).stdout;

/** The words that a command printed, such as names. */
export const wordsOf = async (run: Run, command: Command): Promise<string[]> =>
  (await printed(run, command)).split(/\s+/).filter(Boolean);

/** Whether a command exits with 0. */
export const succeeds = (run: Run, command: Command): Promise<boolean> =>
  run(command).then(
    () => true,
    () => false,
  );
