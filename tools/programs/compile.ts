/** One run of `go build`, with its progress. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { endWithThisProcess, killGroup } from '../process-group.ts';
import { goEnvironment, type Say } from './go.ts';
import { elapsed, showProgress } from './progress.ts';

const LAST_LINES = 20;

interface GoRun {
  go: string;
  args: readonly string[];
  folder: string;
  env: NodeJS.ProcessEnv;
}

/**
 * Runs Go and returns what it wrote to standard output, line by line.
 *
 * @param onLine - given each line of standard error.
 * @throws with the last of these lines.
 */
export async function runGo(
  { go, args, folder, env }: GoRun,
  onLine: (line: string) => void,
): Promise<string[]> {
  // A group of its own: `go build` starts compilers, which must end with it.
  const child = spawn(go, args, {
    cwd: folder,
    env: goEnvironment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const callOff = endWithThisProcess(() => child.pid && killGroup(child.pid, 'SIGKILL'));
  const out: string[] = [];
  const last: string[] = [];
  createInterface(child.stdout).on('line', (line) => out.push(line));
  createInterface(child.stderr).on('line', (line) => {
    onLine(line);
    last.push(line);
    if (last.length > LAST_LINES) last.shift();
  });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (code !== 0) throw new Error(`go ${args.join(' ')} in ${folder} failed:\n${last.join('\n')}`);
    return out;
  } finally {
    callOff();
  }
}

/** What `go build -v` says of a package that it compiles: its import path and no more. */
export function isPackageLine(line: string): boolean {
  return /^[\w.~-]+(\/[\w.~+-]+)*$/.test(line);
}

export interface Compilation {
  /** Shown in progress and errors. */
  name: string;
  go: string;
  /** Folder of the go.mod. */
  folder: string;
  /** Import path of the main package. */
  package: string;
  flags: readonly string[];
  /** Where the binary goes. */
  output: string;
  env: NodeJS.ProcessEnv;
}

/**
 * Fetches the modules and compiles. Packages that Go's own build cache holds are not compiled again, so the count may
 * stop short of the total.
 *
 * @throws with the end of what Go said.
 */
export async function compile(job: Compilation, say: Say): Promise<void> {
  const start = Date.now();
  let downloads = 0;
  let packages = 0;
  let total = 0;
  const onLine = (line: string) => {
    if (line.startsWith('go: downloading ')) downloads += 1;
    else if (isPackageLine(line)) packages += 1;
  };
  const line = () => {
    const done = total === 0 ? `${downloads} modules fetched` : `${packages} of ${total} packages compiled`;
    return `${job.name}: ${done}, ${elapsed(Date.now() - start)}`;
  };
  const run = (args: readonly string[]) => runGo({ ...job, args }, onLine);
  const stop = showProgress(line, say);
  try {
    total = (await run(['list', '-deps', job.package])).length;
    await run(['build', '-v', ...job.flags, '-o', job.output, job.package]);
  } finally {
    stop();
  }
  say(`${line()}: built`);
}
