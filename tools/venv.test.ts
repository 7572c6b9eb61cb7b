import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ensureVenv } from './venv.ts';

describe('a first run', () => {
  let folder: string;
  let said: string[];
  const say = (line: string) => void said.push(line);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'venv-'));
    said = [];
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  const contents = () => {
    const requirements = join(folder, 'requirements.txt');
    writeFileSync(requirements, 'ministack==1\ncryptography==2\ncffi==3\n');
    return { what: 'the AWS emulator', requirements, folder: join(folder, 'venv') };
  };

  /** A Python whose virtual environments have a pip that says what pip says, and a log of what it was called for. */
  function usePython(pip: string): void {
    const inVenv = `#!/bin/bash\necho "$@" >>${folder}/calls\n${pip}\n`;
    writeFileSync(
      join(folder, 'python3'),
      `#!/bin/bash\n[ "$2" = venv ] || exit 0\nmkdir -p "$3/bin"\ncat >"$3/bin/python" <<'PIP'\n${inVenv}PIP\nchmod +x "$3/bin/python"\n`,
      { mode: 0o755 },
    );
    vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
  }

  it('installs once, though many ask for it at the same time, and says so', async () => {
    usePython('echo Collecting ministack==1; echo Collecting cryptography==2');
    const asked = [1, 2, 3].map(() => ensureVenv(contents(), say));
    await Promise.all(asked);

    expect(readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n')).toHaveLength(1);
    expect(said).toEqual([
      'Installing the AWS emulator, once',
      expect.stringMatching(/^Installed the AWS emulator in \d+ s$/),
    ]);

    await ensureVenv(contents(), say);
    expect(said).toHaveLength(2);
  });

  it('says how far it is', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    usePython(
      `echo Collecting ministack==1; echo Collecting cryptography==2; until [ -e ${folder}/told ]; do sleep 0.02; done`,
    );
    const installed = ensureVenv(contents(), (line) => {
      say(line);
      if (line.includes('2 of 3')) writeFileSync(join(folder, 'told'), '');
    });
    await vi.waitFor(() => {
      vi.advanceTimersByTime(30_000);
      expect(said.at(-1)).toMatch(/^Installing the AWS emulator: 2 of 3 packages, \d+ s$/);
    }, 20_000);
    await installed;
  });

  it('says why it could not, and tries again the next time', async () => {
    usePython('echo Collecting ministack==1; echo ERROR: no network >&2; exit 1');
    const requirements = relative(process.cwd(), contents().requirements);
    const why = new Error(`pip cannot install ${requirements}: ERROR: no network`);
    await expect(ensureVenv(contents(), say)).rejects.toThrow(why);
    await expect(ensureVenv(contents(), say)).rejects.toThrow(why);
    expect(said).toEqual(['Installing the AWS emulator, once', 'Installing the AWS emulator, once']);
  });

  it('says that there is no Python', async () => {
    vi.stubEnv('PATH', folder);
    await expect(ensureVenv(contents(), say)).rejects.toThrow(
      'python3 was not found on PATH: install Python 3.10 or newer',
    );
  });
});
