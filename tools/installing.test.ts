import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sayInstalling } from './installing.ts';
import { ensureVenv } from './venv.ts';

const screenOf = (isTTY: boolean, columns?: number) => {
  const written: string[] = [];
  return { written, screen: { isTTY, columns, write: (text: string) => written.push(text) } };
};

describe('sayInstalling', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('has a line at the start and one at the end where there is no terminal, and nothing between', () => {
    const { written, screen } = screenOf(false);
    const saying = sayInstalling('the AWS CLI', screen);
    expect(written).toEqual(['Installing the AWS CLI, once\n']);
    saying.step(1, 9);
    vi.advanceTimersByTime(61_000);
    saying.done();
    expect(written.slice(1)).toEqual(['Installed the AWS CLI in 61 s\n']);
  });

  it('has one line that moves on a terminal', () => {
    const { written, screen } = screenOf(true);
    const saying = sayInstalling('the AWS CLI', screen);
    expect(written).toEqual(['\rInstalling the AWS CLI, once: 0 s\x1b[K']);
    saying.step(2, 9);
    expect(written.at(-1)).toBe('\rInstalling the AWS CLI, once: 2 of 9 packages, 0 s\x1b[K');
    vi.advanceTimersByTime(3000);
    expect(written.at(-1)).toBe('\rInstalling the AWS CLI, once: 2 of 9 packages, 3 s\x1b[K');
    saying.done();
    expect(written.at(-1)).toBe('\r\x1b[KInstalled the AWS CLI in 3 s\n');
    const lines = written.length;
    vi.advanceTimersByTime(3000);
    expect(written).toHaveLength(lines);
  });

  it('stays within the terminal’s width', () => {
    const { written, screen } = screenOf(true, 20);
    sayInstalling('the AWS CLI', screen).failed();
    expect(written).toEqual(['\rInstalling the AWS \x1b[K', '\n']);
  });
});

describe('a first run', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'installing-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const contents = () => {
    const requirements = join(folder, 'requirements.txt');
    writeFileSync(requirements, 'ministack==1\ncryptography==2\ncffi==3\n');
    return { what: 'the AWS emulator', requirements, folder: join(folder, 'venv') };
  };

  /** A Python whose virtual environments have a pip that says what pip says, and a log of what it was called for. */
  function fakePython(pip: string): string {
    const python = join(folder, 'python');
    const inVenv = `#!/bin/bash\necho "$@" >>${folder}/calls\n${pip}\n`;
    writeFileSync(
      python,
      `#!/bin/bash\n[ "$2" = venv ] || exit 0\nmkdir -p "$3/bin"\ncat >"$3/bin/python" <<'PIP'\n${inVenv}PIP\nchmod +x "$3/bin/python"\n`,
    );
    chmodSync(python, 0o755);
    return python;
  }

  it('installs once, though many ask for it at the same time, and says so with the number of packages', async () => {
    const { written, screen } = screenOf(true);
    const python = fakePython('echo Collecting ministack==1; echo Collecting cryptography==2');
    const options = { python, screen };
    await Promise.all([
      ensureVenv(contents(), options),
      ensureVenv(contents(), options),
      ensureVenv(contents(), options),
    ]);

    expect(readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n')).toHaveLength(1);
    expect(written[0]).toBe('\rInstalling the AWS emulator, once: 0 s\x1b[K');
    expect(written.at(-1)).toContain('\r\x1b[KInstalled the AWS emulator in ');
    expect(written.join('')).toContain('2 of 3 packages');

    const lines = written.length;
    await ensureVenv(contents(), options);
    expect(written).toHaveLength(lines);
  });

  it('says why it could not, and tries again the next time', async () => {
    const { written, screen } = screenOf(false);
    const options = {
      python: fakePython('echo Collecting ministack==1; echo ERROR: no network >&2; exit 1'),
      screen,
    };
    const requirements = relative(process.cwd(), contents().requirements);
    const why = new Error(`pip cannot install ${requirements}: ERROR: no network`);
    await expect(ensureVenv(contents(), options)).rejects.toThrow(why);
    await expect(ensureVenv(contents(), options)).rejects.toThrow(why);
    expect(written).toEqual(['Installing the AWS emulator, once\n', 'Installing the AWS emulator, once\n']);
  });
});
