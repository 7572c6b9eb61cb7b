import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { differences, head, uncommitted } from './git.ts';

const IDENTITY = ['-c', 'user.name=test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgSign=false'];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fileingest-git-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const git = (...args: string[]) =>
  execFileSync('git', ['-C', folder, ...IDENTITY, ...args], { encoding: 'utf8', stdio: 'pipe' });

function write(path: string, text: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function commitAll(): void {
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message=all');
}

describe('uncommitted', () => {
  it.each(['', 'below'])('names what is in no commit, of a repository whose top is %j above', async (top) => {
    const at = (path: string) => join(top, path);
    for (const name of ['same', 'changed', 'removed', 'staged']) write(at(`claims/${name}.yaml`), name);
    write(at('.gitignore'), 'ignored.yaml\n');
    commitAll();
    write(at('claims/changed.yaml'), 'now');
    write(at('claims/staged.yaml'), 'now');
    git('add', at('claims/staged.yaml'));
    rmSync(join(folder, at('claims/removed.yaml')));
    write(at('claims/new name.yaml'), '');
    write(at('claims/ignored.yaml'), '');
    write(at('elsewhere.yaml'), '');
    expect((await uncommitted(join(folder, top), 'claims')).sort()).toEqual([
      'claims/changed.yaml',
      'claims/ignored.yaml',
      'claims/new name.yaml',
      'claims/removed.yaml',
      'claims/staged.yaml',
    ]);
  });

  it('says what git says where there is no repository', async () => {
    await expect(uncommitted(folder, 'claims')).rejects.toThrow('not a git repository');
  });
});

it('head is the short name of the commit', async () => {
  write('a', 'a');
  commitAll();
  expect(git('rev-parse', 'HEAD')).toMatch(new RegExp(`^${await head(folder)}`));
});

describe('differences', () => {
  beforeEach(() => {
    write('a/claims/orders.yaml', 'size: 1\n');
    write('b/claims/orders.yaml', 'size: 2\n');
    write('b/claims/größe.yaml', 'diff --git is text here\n');
  });

  it('are shown by file', async () => {
    expect(await differences(folder, false)).toBe(
      [
        'new file mode 100644',
        '--- /dev/null',
        '+++ b/claims/größe.yaml',
        '@@ -0,0 +1 @@',
        '+diff --git is text here',
        '',
        '--- a/claims/orders.yaml',
        '+++ b/claims/orders.yaml',
        '@@ -1 +1 @@',
        '-size: 1',
        '+size: 2',
      ].join('\n'),
    );
  });

  it('have colours where they are asked for, and the same lines', async () => {
    const coloured = await differences(folder, true);
    expect(coloured).toContain('\u001b[31m-size: 1\u001b[m\n');
    expect(coloured).toContain('\u001b[32m');
    expect(coloured.replaceAll(/\p{Cc}\[\d*m/gu, '')).toBe(await differences(folder, false));
  });

  it('are nothing where both are the same', async () => {
    rmSync(join(folder, 'b'), { recursive: true });
    write('b/claims/orders.yaml', 'size: 1\n');
    expect(await differences(folder, false)).toBe('');
  });
});
