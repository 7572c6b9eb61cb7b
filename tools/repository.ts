/** A git repository that Argo CD reads: a bare one that is served, and a working copy whose commits are pushed to it. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCommand } from './command.ts';

const AUTHOR = ['-c', 'user.name=fileingest', '-c', 'user.email=fileingest@example.org'];

export interface Repository {
  /** The bare repository's folder, for a server. */
  readonly bare: string;
  /** The working copy's folder; change files in it, then commit. */
  readonly work: string;
  /** Runs git in the working copy. Resolves to what it printed. */
  git(...args: string[]): Promise<string>;
  /** Writes a file of the working copy. */
  write(path: string, text: string): void;
  /** Removes a file or folder of the working copy. */
  remove(path: string): void;
  /**
   * Commits all that has changed and pushes it.
   *
   * @returns the commit's hash.
   * @throws when nothing has changed.
   */
  commit(message: string): Promise<string>;
}

/** Makes an empty repository with the branch `main` under a folder. */
export async function createRepository(folder: string): Promise<Repository> {
  const bare = join(folder, 'fileingest.git');
  const work = join(folder, 'work');
  // The user's own settings (hooks, signing, templates) have no say.
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  const git = (...args: string[]) => runCommand('git', ['-C', work, ...AUTHOR, ...args], { env });
  mkdirSync(work, { recursive: true });
  await runCommand('git', ['init', '--quiet', '--bare', '--initial-branch=main', bare], { env });
  await git('init', '--quiet', '--initial-branch=main');
  await git('remote', 'add', 'origin', bare);
  return {
    bare,
    work,
    git,
    write: (path, text) => {
      mkdirSync(dirname(join(work, path)), { recursive: true });
      writeFileSync(join(work, path), text);
    },
    remove: (path) => rmSync(join(work, path), { recursive: true }),
    commit: async (message) => {
      await git('add', '--all');
      await git('commit', '--quiet', '--message', message);
      await git('push', '--quiet', 'origin', 'main');
      return (await git('rev-parse', 'HEAD')).trim();
    },
  };
}
