import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RUNNER } from '../../lambda/vm/runner.ts';

// The runner by itself, without AWS: it needs Python and bash.

/** Runs a script as the user data does, and tells what went wrong, what was said, and what came out. */
async function run(script: string | Buffer, seconds = 60) {
  const folder = await mkdtemp(join(tmpdir(), 'runner-'));
  const read = async (name: string) => {
    const path = join(folder, name);
    return existsSync(path) ? await readFile(path, 'utf8') : undefined;
  };
  try {
    await mkdir(join(folder, 'script-work'));
    await writeFile(join(folder, 'script.sh'), script);
    await writeFile(join(folder, 'run.py'), RUNNER);
    const child = spawn('python3', ['run.py', String(seconds), `${seconds} seconds`], {
      cwd: folder,
      env: { ...process.env, LC_ALL: 'C.UTF-8', OUTPUT_FILE: join(folder, 'output') },
      stdio: 'ignore',
    });
    const [code] = await once(child, 'close');
    const ended = (await read('ended')) || undefined;
    return { code, ended, said: await read('script.err'), output: await read('output') };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('who runs a script', () => {
  const PYTHON = 'import os\nprint(7 // 2, file=open(os.environ["OUTPUT_FILE"], "w"))\n';
  test.each([
    {
      why: 'bash, when it does not say',
      script: '[[ -n $BASH_VERSION ]] && echo bash >"$OUTPUT_FILE"',
      output: 'bash\n',
    },
    { why: 'bash, at an empty first line', script: '#!\necho bash >"$OUTPUT_FILE"', output: 'bash\n' },
    { why: 'bash, at a comment', script: '# !/bin/no\necho bash >"$OUTPUT_FILE"', output: 'bash\n' },
    { why: 'python', script: `#!/usr/bin/env python3\n${PYTHON}`, output: '3\n' },
    { why: 'a name alone, which is looked for', script: `#!python3\n${PYTHON}`, output: '3\n' },
    {
      why: 'a shell with an option',
      script:
        '#! /bin/sh -e \ntrap \'echo end >"$OUTPUT_FILE"; exit 0\' EXIT\nfalse\necho no >"$OUTPUT_FILE"\n',
      output: 'end\n',
    },
    {
      why: 'bash with two options, by env',
      script: '#!/usr/bin/env -S bash -e -u\necho "$-" >"$OUTPUT_FILE"\n',
      output: expect.stringMatching(/^[a-z]*e[a-z]*u/),
    },
    {
      why: 'all that follows is one argument',
      script: '#!/bin/bash -c echo "$0">"$OUTPUT_FILE"\n',
      ended: expect.stringMatching(/^The script failed with exit code \d+\.$/),
    },
  ])('$why', async ({ script, output, ended }) => {
    expect(await run(script)).toMatchObject({ code: 0, ended, output });
  });

  test.each([
    { why: 'a program', script: '#!/usr/bin/perl7 -w\nprint 1', name: '/usr/bin/perl7' },
    {
      why: 'a name that env has to find',
      script: '#!/usr/bin/env  pyhton3\r\nprint(1)\r\n',
      name: 'pyhton3',
    },
    { why: 'a folder', script: '#!/usr\n', name: '/usr' },
    { why: 'no text', script: Buffer.from('#!/\xff\n', 'latin1'), name: '/?' },
  ])('says what is not there: $why', async ({ script, name }) => {
    expect(await run(script)).toEqual({
      code: 0,
      ended: `The first line of the script names ${name}, which is not installed on the virtual machine: use an installed program.`,
    });
  });
});

describe('a script that was written on Windows', () => {
  const BOM = '\ufeff';
  const WRITE = 'echo well >"$OUTPUT_FILE"';
  test.each([
    { why: 'CRLF', script: `set -eu\r\n${WRITE}\r\n` },
    { why: 'no end of the last line', script: `set -eu\r\n${WRITE}\r` },
    { why: 'CRLF made of CRLF', script: `set -eu\r\r\n${WRITE}\r\r\n` },
    { why: 'CRLF after a line of Linux', script: `#!/bin/bash -eu\n${WRITE}\r\n` },
    { why: 'a first line with CRLF', script: `#!/bin/sh -eu\r\n${WRITE}\r\n` },
    { why: 'a byte order mark', script: `${BOM}#!/bin/sh -eu\n${WRITE}\n` },
    { why: 'a mark, and nothing about bash', script: `${BOM}set -eu\r\n${WRITE}\r\n` },
    { why: 'a here document', script: 'cat >"$OUTPUT_FILE" <<END\r\nwell\r\nEND\r\n' },
    {
      why: 'binary data is left alone',
      script: 'tail -n +3 "$0" >"$OUTPUT_FILE"\nexit\n\u0000\r\n',
      output: '\u0000\r\n',
    },
  ])('$why', async ({ script, output = 'well\n' }) => {
    expect(await run(script)).toEqual({ code: 0, said: '', output });
  });
});

describe('how a script ended', () => {
  test.each([1, 124, 125, 126, 127, 137, 143, 255])('with %i of its own', async (code) => {
    expect(await run(`echo bye >&2; exit ${code}`)).toEqual({
      code: 0,
      ended: `The script failed with exit code ${code}.`,
      said: 'bye\n',
    });
  });

  const late = 'The script did not end within 1 seconds and was stopped.';
  test.each([
    { why: 'well', script: 'exit 0', ended: undefined },
    {
      why: 'at a time limit that it set',
      script: 'set -e; timeout 1 sleep 5; exit 0',
      ended: 'The script failed with exit code 124.',
    },
    { why: 'by a signal', script: 'kill $$; sleep 9', ended: 'The script was terminated by SIGTERM.' },
    {
      why: 'by a signal without a name',
      script: 'kill -40 $$',
      ended: 'The script was terminated by signal 40.',
    },
    {
      why: 'with all that it started',
      script: 'sleep 600 & kill 0; sleep 9',
      ended: 'The script was terminated by SIGTERM.',
    },
    {
      why: 'killed',
      script: 'kill -9 $$',
      ended: 'The script was killed (SIGKILL): most likely the virtual machine ran out of memory.',
    },
    { why: 'too late', script: 'sleep 600 & wait', seconds: 1, ended: late },
    {
      why: 'too late, with a last word',
      script: `trap 'exit 0' TERM; sleep 600 & wait`,
      seconds: 1,
      ended: late,
    },
    {
      why: 'too late, and not before it was killed',
      script: `trap '' TERM; while :; do sleep 1; done`,
      seconds: 1,
      ended: late,
    },
  ])('$why', async ({ script, seconds, ended }) => {
    expect(await run(script, seconds)).toEqual({ code: 0, ended, said: '' });
  });

  test('it is not known, when the runner was ended: then it does not end well', async () => {
    expect(await run('kill -9 $PPID; sleep 1')).toEqual({ code: null, said: '' });
  });
});
