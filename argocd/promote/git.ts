/** Calls git: for uncommitted files, and for the differences of two folders. */
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
 * The uncommitted files in a folder: changed, new, removed or ignored.
 *
 * @returns paths relative to `root`
 * @throws Error when `root` is not in a git repository
 */
export function uncommitted(root: string, folder: string): string[] {
  const prefix = git(root, ['rev-parse', '--show-prefix']).trim();
  const args = ['status', '--porcelain=v1', '-z', '--no-renames', '--untracked-files=all', '--ignored'];
  const entries = git(root, [...args, '--', folder])
    .split('\0')
    .filter(Boolean);
  // An entry has two letters for the state and a space. Its path is relative to the top of the repository.
  return entries.map((entry) => entry.slice(3 + prefix.length));
}

/** The short hash of the checked-out commit. */
export function head(root: string): string {
  return git(root, ['rev-parse', '--short', 'HEAD']).trim();
}

/** Header lines that are needed only to apply a diff. git can colour them. */
const HEADS = /^(\p{Cc}\[1m)?(diff --git|index) .*\n/gmu;

/**
 * The differences from `a` to `b`, two folders in `folder`, in the format of `git diff`.
 *
 * @returns an empty text when they are equal
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
  // The exit code is 1 when there are differences.
  const diff = git(folder, [...args, '--', 'a', 'b'], [0, 1]);
  return diff.replaceAll(HEADS, (_, _colour, what) => (what === 'index' ? '' : '\n')).trim();
}
