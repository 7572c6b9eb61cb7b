/** Commands that run to their end. */
import { spawn } from 'node:child_process';
import { endWithThisProcess, killGroup } from './process-group.ts';

/** Lines of output that an error message shows. */
const SHOWN_LINES = 30;

export interface CommandOptions {
  /** Working directory; this process's own by default. */
  readonly folder?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What errors call the program; its path by default. */
  readonly name?: string;
  /** Given to the command's standard input. */
  readonly input?: string;
  /** The command is killed when it takes longer. */
  readonly timeoutMs?: number;
  /** Called with each piece of output. */
  readonly onOutput?: (text: string, stream: 'stdout' | 'stderr') => void;
  /** The command starts others, which must end with this process. */
  readonly ownGroup?: boolean;
}

/** How a command ended and what it printed. */
export interface CommandResult {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command as a person would type it, for messages. */
export function commandLine(command: string, args: readonly string[]): string {
  return [command, ...args].map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`)).join(' ');
}

/**
 * Runs a command to its end, whatever its exit code.
 *
 * @throws when it cannot be started: with the code `ENOENT` when there is no such program.
 */
export function tryCommand(
  command: string,
  args: readonly string[],
  { folder, env = process.env, input, timeoutMs, onOutput, ownGroup = false }: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env,
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      detached: ownGroup,
      ...(folder !== undefined && { cwd: folder }),
      ...(timeoutMs !== undefined && { timeout: timeoutMs, killSignal: 'SIGKILL' }),
    });
    const { pid } = child;
    const callOff =
      ownGroup && pid !== undefined ? endWithThisProcess(() => killGroup(pid, 'SIGKILL')) : () => undefined;
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      onOutput?.(text, 'stdout');
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      onOutput?.(text, 'stderr');
    });
    // A program that ends without reading its input is judged by its exit code.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      callOff();
      resolve({ code, signal, stdout, stderr });
    });
  });
}

/**
 * Runs a command to its end.
 *
 * @throws naming the command, with the end of what it printed, when it does not exit with 0.
 */
export async function completeCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const line = commandLine(options.name ?? command, args);
  const result = await tryCommand(command, args, options).catch((error: Error) => {
    throw new Error(`${line}: cannot be started: ${error.message}`, { cause: error });
  });
  const { code, signal, stdout, stderr } = result;
  if (code === 0) return result;
  const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-SHOWN_LINES).join('\n');
  const why = code === null ? `killed by ${signal}` : `exit code ${code}`;
  throw new Error(`${line}: ${why}${said === '' ? '' : `\n${said}`}`);
}

/**
 * Runs a command to its end.
 *
 * @returns what it printed on its standard output.
 * @throws as `completeCommand` does.
 */
export const runCommand = async (
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> => (await completeCommand(command, args, options)).stdout;
