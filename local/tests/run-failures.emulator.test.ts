/** What `make run` says of what failed, and what it leaves up. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClients } from '../aws.ts';
import { ensureAwsCli } from '../venv.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface Run {
  readonly child: ChildProcess;
  /** Its output so far. */
  readonly said: { stdout: string; stderr: string };
  /** Resolves with its exit status. */
  readonly ended: Promise<number | null>;
}

/** Starts the command of `make run`, after everything is built, with an environment that has only PATH and `env`. */
function startRun(env: Record<string, string>): Run {
  const child = spawn(process.execPath, ['local/run.ts'], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], ...env },
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (said.stdout += chunk));
  child.stderr.on('data', (chunk) => (said.stderr += chunk));
  return { child, said, ended: new Promise((resolve) => child.once('close', resolve)) };
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'failures-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): string {
  const full = join(folder, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
}

const claim = (name: string, workflow: object, others: object = {}): string =>
  write(
    `${name}.yaml`,
    JSON.stringify({
      apiVersion: 'fileingest.dev/v1alpha1',
      kind: 'FileIngestPipeline',
      metadata: { name },
      spec: { region: 'eu-west-1', workflow, ...others },
    }),
  );

const FAILS = {
  StartAt: 'Refuse',
  States: { Refuse: { Type: 'Fail', Error: 'NotToday', Cause: 'the file is not wanted' } },
};

/** Errors without what is another one each time: uids and ports. */
const settled = (text: string): string =>
  text
    .replaceAll(/-[0-9a-f]{8}\b(?!-)/g, '-UID')
    .replaceAll(/(:execution:[\w-]+?:)[\w-]+/g, '$1NAME')
    .trim();

describe.concurrent('what failed', () => {
  it.each([
    [
      'Custom',
      () => ({
        CLAIM: claim('custom', { type: 'Custom', custom: { definition: FAILS } }),
        FILES: dirname(write('one/a b.txt', 'x')),
      }),
      [
        'make run: not everything that was sent went through',
        'What failed:',
        '  1 × execution FAILED: NotToday: the file is not wanted',
        '      a b.txt, arn:aws:states:eu-west-1:000000000000:execution:default-custom-workflow-UID:NAME',
      ],
    ],
    [
      'Custom, Express',
      () => ({
        CLAIM: claim('express', { type: 'Custom', execution: 'Express', custom: { definition: FAILS } }),
        FILES: dirname(write('one/a b.txt', 'x')),
      }),
      [
        'make run: not everything that was sent went through',
        'What failed:',
        '  1 × execution FAILED: NotToday: the file is not wanted',
        '      a b.txt, arn:aws:states:eu-west-1:000000000000:execution:default-express-workflow-UID:NAME',
      ],
    ],
    [
      'Custom, started by hand',
      () => ({
        CLAIM: claim('hand', { type: 'Custom', custom: { trigger: 'None', definition: FAILS } }),
        FILES: dirname(write('two/a.json', '{}')),
      }),
      ['make run: the execution of a.json FAILED: NotToday: the file is not wanted'],
    ],
    [
      'RecordMessage, Express',
      () => ({
        CLAIM: claim('message', { type: 'RecordMessage', execution: 'Express' }),
        FILES: dirname(write('three/a.json', '{"massage": "x"}')),
      }),
      [
        'make run: the execution of a.json FAILED: InvalidMessage: The input has no text called message. Start the execution with {"message": "some text"}.',
      ],
    ],
    [
      'RunScript',
      () => ({
        CLAIM: claim(
          'script',
          {
            type: 'RunScript',
            runScript: { script: 'echo no such thing >&2; exit 3', network: { publicAddress: true } },
          },
          { source: { upload: { authorization: { type: 'None' } } } },
        ),
        FILES: dirname(write('four/a.txt', 'x')),
      }),
      ['make run: a.txt failed: The script failed with exit code 3. Last output:', 'no such thing'],
    ],
  ])('%s', async (_type, env, lines) => {
    const { said, ended } = startRun(env());
    expect(await ended).toBe(1);
    expect(settled(said.stderr)).toContain(lines.join('\n'));
  });
});

/** Waits until it says something. */
async function untilSaid({ said, child }: Run, text: string): Promise<void> {
  await expect
    .poll(() => said.stdout.includes(text) || child.exitCode !== null, { timeout: 120_000, interval: 100 })
    .toBe(true);
  expect(said.stdout).toContain(text);
}

describe('KEEP=1', () => {
  it('leaves everything up after a failure too, and ends with 1', async () => {
    const CLAIM = claim('kept', { type: 'Custom', custom: { definition: FAILS } });
    const run = startRun({ CLAIM, KEEP: '1' });
    // The last line of what is printed then.
    await untilSaid(run, 'filter-log-events');
    expect(run.said.stderr).toContain('  9 × execution FAILED: NotToday: the file is not wanted\n');

    const [, endpoint = ''] = /AWS_ENDPOINT_URL=(\S+)/.exec(run.said.stdout) ?? [];
    const { dynamodb, close } = createClients({ endpoint, region: 'eu-west-1' });
    expect((await dynamodb.listTables({})).TableNames).toHaveLength(1);
    close();

    run.child.kill('SIGINT');
    expect(await run.ended).toBe(1);
    await expect(fetch(endpoint)).rejects.toThrow('fetch failed');
  });

  it('prints commands that run as they are, with the AWS CLI that is installed here, and none leaves this machine', async () => {
    const cli = join(await ensureAwsCli(), 'bin');
    const run = startRun({ KEEP: '1', CLAIM: 'examples/claim.yaml', PATH: `${cli}:${process.env['PATH']}` });
    await untilSaid(run, 'filter-log-events');
    const [head, ...commands] = run.said.stdout
      .split('Ctrl-C. In another terminal:\n')[1]
      ?.trim()
      .split(/\n {2}(?=aws )/) ?? [''];
    expect(commands.map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      'aws s3 cp',
      'aws stepfunctions list-executions',
      'aws dynamodb scan',
      'aws sqs receive-message',
      'aws logs filter-log-events',
    ]);
    // No name of a host can be resolved through this, and 127.0.0.1 needs none.
    const env = { PATH: `${cli}:/usr/bin:/bin`, HOME: folder, HTTPS_PROXY: 'http://127.0.0.1:1' };
    for (const command of commands) {
      const { status, stderr } = spawnSync('bash', ['-c', `${head}\n${command}`], { env, encoding: 'utf8' });
      expect({ command, status, stderr }).toEqual({ command, status: 0, stderr: '' });
    }
    run.child.kill('SIGINT');
    expect(await run.ended).toBe(0);
  });
});
