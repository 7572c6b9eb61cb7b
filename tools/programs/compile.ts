/** One run of `go build`, with its progress. */
import { tryCommand } from '../command.ts';
import { elapsed, showProgress } from '../progress.ts';
import { goEnvironment, type Say } from './go.ts';

const LAST_LINES = 20;

interface GoRun {
  readonly go: string;
  readonly args: readonly string[];
  /** Folder of the go.mod. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
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
  let rest = '';
  const onOutput = (text: string, stream: 'stdout' | 'stderr') => {
    if (stream === 'stdout') return;
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  };
  // A group of its own: `go build` starts compilers, which must end with it.
  const options = { folder, env: goEnvironment(env), onOutput, ownGroup: true };
  const { code, stdout, stderr } = await tryCommand(go, args, options);
  if (code !== 0) {
    const last = stderr.trim().split('\n').slice(-LAST_LINES).join('\n');
    throw new Error(`go ${args.join(' ')} in ${folder} failed:\n${last}`);
  }
  return stdout.split('\n').filter(Boolean);
}

/** What `go build -v` says of a package that it compiles: its import path and no more. */
export function isPackageLine(line: string): boolean {
  return /^[\w.~-]+(\/[\w.~+-]+)*$/.test(line);
}

interface Compilation extends Omit<GoRun, 'args'> {
  /** Shown in progress and errors. */
  readonly name: string;
  /** Import path of the main package. */
  readonly package: string;
  readonly flags: readonly string[];
  /** Where the binary goes. */
  readonly output: string;
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
