/** Runs the commands of the kind substrate, with the project's own settings and never the user's. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Names } from './names.ts';

export type Program = 'docker' | 'kind' | 'helm' | 'kubectl' | 'crossplane';

export interface Command {
  program: Program;
  args: readonly string[];
  /** Given to its standard input. */
  input?: string;
}

export interface Output {
  stdout: string;
  stderr: string;
}

/** Resolves with what a command printed; rejects with a `CommandError` when it did not exit with 0. */
export type Run = (command: Command) => Promise<Output>;

const TAIL_LINES = 30;

/** The command as a person would type it, for messages. */
export function commandLine({ program, args }: Command): string {
  return [program, ...args].map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`)).join(' ');
}

function failure(command: Command, why: string, output: Output): Error {
  const said = `${output.stdout}\n${output.stderr}`.trim().split('\n').slice(-TAIL_LINES).join('\n');
  return new Error(`${commandLine(command)}: ${why}${said === '' ? '' : `\n${said}`}`);
}

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
  return (command) =>
    new Promise((resolve, reject) => {
      const child = spawn(paths[command.program], command.args, {
        env,
        stdio: ['pipe', 'pipe', 'pipe'],
        timeout: timeoutSeconds * 1000,
        killSignal: 'SIGKILL',
      });
      const output: Output = { stdout: '', stderr: '' };
      child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
      // A program that ends without reading its input is judged by its exit code.
      child.stdin.on('error', () => {});
      child.stdin.end(command.input ?? '');
      child.once('error', (error) => reject(failure(command, `cannot be started: ${error.message}`, output)));
      child.once('close', (code, signal) => {
        if (code === 0) resolve(output);
        else reject(failure(command, code === null ? `killed by ${signal}` : `exit code ${code}`, output));
      });
    });
}

/** Whether a command exits with 0. */
export const succeeds = (run: Run, command: Command): Promise<boolean> =>
  run(command).then(
    () => true,
    () => false,
  );
