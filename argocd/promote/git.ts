/** git: what is not committed, and how two folders differ. */
import { tryCommand } from '../../tools/command.ts';
import { messageOf } from '../../tools/errors.ts';

async function git(
  folder: string,
  args: readonly string[],
  expected: readonly number[] = [0],
): Promise<string> {
  const { code, stdout, stderr } = await tryCommand('git', ['-C', folder, ...args]).catch(
    (error: unknown) => {
      throw new Error(`git cannot be run: ${messageOf(error)}`);
    },
  );
  if (!expected.includes(code ?? -1)) throw new Error(`git ${args.join(' ')}: ${stderr.trim()}`);
  return stdout;
}

/**
 * The uncommitted files in a folder: changed, new, removed or ignored.
 *
 * @returns paths relative to `root`
 * @throws Error when `root` is not in a git repository
 */
export async function uncommitted(root: string, folder: string): Promise<string[]> {
  const prefix = (await git(root, ['rev-parse', '--show-prefix'])).trim();
  const args = ['status', '--porcelain=v1', '-z', '--no-renames', '--untracked-files=all', '--ignored'];
  const entries = (await git(root, [...args, '--', folder])).split('\0').filter(Boolean);
  // Two letters of state and a space; paths go from the top of the repository.
  return entries.map((entry) => entry.slice(3 + prefix.length));
}

/** The commit that is checked out, short. */
export async function head(root: string): Promise<string> {
  return (await git(root, ['rev-parse', '--short', 'HEAD'])).trim();
}

/** Header lines that are needed only to apply a diff. git can colour them. */
const HEADS = /^(\p{Cc}\[1m)?(diff --git|index) .*\n/gmu;

/**
 * The differences from `a` to `b`, two folders in `folder`, in the format of `git diff`.
 *
 * @returns an empty text when they are equal
 */
export async function differences(folder: string, colour: boolean): Promise<string> {
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
  const diff = await git(folder, [...args, '--', 'a', 'b'], [0, 1]);
  return diff.replaceAll(HEADS, (_, _colour, what) => (what === 'index' ? '' : '\n')).trim();
}
