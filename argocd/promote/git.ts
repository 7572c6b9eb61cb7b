/** git: what is not committed, and how two folders differ. */
import { spawnSync } from 'node:child_process';

function git(folder: string, args: readonly string[], expected: readonly number[] = [0]): string {
  const { status, stdout, stderr, error } = spawnSync('git', ['-C', folder, ...args], {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (error) throw new Error(`git cannot be run: ${error.message}`);
  if (!expected.includes(status ?? -1)) throw new Error(`git ${args.join(' ')}: ${stderr.trim()}`);
  return stdout;
}

/**
 * Files below a folder whose content is in no commit: changed, new, removed or ignored.
 *
 * @returns paths below `root`.
 * @throws where `root` is in no git repository.
 */
export function uncommitted(root: string, folder: string): string[] {
  const prefix = git(root, ['rev-parse', '--show-prefix']).trim();
  const args = ['status', '--porcelain=v1', '-z', '--no-renames', '--untracked-files=all', '--ignored'];
  const entries = git(root, [...args, '--', folder])
    .split('\0')
    .filter(Boolean);
  // Two letters of state and a space; paths go from the top of the repository.
  return entries.map((entry) => entry.slice(3 + prefix.length));
}

/** The commit that is checked out, short. */
export function head(root: string): string {
  return git(root, ['rev-parse', '--short', 'HEAD']).trim();
}

/** Lines that say nothing where nobody applies the diff; git may colour them. */
const HEADS = /^(\p{Cc}\[1m)?(diff --git|index) .*\n/gmu;

/**
 * How the folder `b` differs from `a`, both below `folder`, as `git diff` shows it.
 *
 * @returns nothing where they are the same.
 */
export function differences(folder: string, colour: boolean): string {
  const settings = [
    '-c',
    'core.quotePath=false',
    '-c',
    'diff.mnemonicPrefix=false',
    '-c',
    'core.autocrlf=false',
  ];
  const options = ['--no-index', '--no-prefix', '--no-renames', '--no-ext-diff', '--no-textconv'];
  const args = [...settings, '--no-pager', 'diff', ...options, `--color=${colour ? 'always' : 'never'}`];
  // 1 where there are differences.
  const diff = git(folder, [...args, '--', 'a', 'b'], [0, 1]);
  return diff.replaceAll(HEADS, (_, _colour, what) => (what === 'index' ? '' : '\n')).trim();
}
