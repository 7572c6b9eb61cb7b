import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleClaims } from '../../function/examples.ts';
import { createClients } from '../aws.ts';
import { type Emulator, startEmulator } from '../emulator.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const FILES = 9;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'run-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What `make run` does once everything is built. */
function run(env: Record<string, string>): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['local/run.ts'], {
      cwd: root,
      env: { PATH: process.env['PATH'], ...env },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe.concurrent('make run, each example', () => {
  const examples = exampleClaims();
  const ofFiles = examples.filter((name) => /^(claim\.yaml|record-file)/.test(name));
  const ofAllFiles = ['claim.yaml', 'record-file/files-table.yaml'];
  const ofTwoSuffixes = 'record-file/existing-bucket.yaml';

  it.each(ofFiles)('%s', async (name) => {
    const { code, stdout, stderr } = await run({ CLAIM: `examples/${name}` });
    expect(stderr).toBe('');
    expect(code).toBe(0);
    // The file outside the prefix is recorded only where the claim has none.
    const all = ofAllFiles.includes(name);
    const matching = all ? FILES : name === ofTwoSuffixes ? FILES - 3 : FILES - 1;
    expect(stdout).toContain(`Uploading ${FILES} files; ${matching} match`);
    expect(stdout.includes('not recorded, as the claim asks: other/outside.txt')).toBe(!all);
    expect(stdout.match(/^\S.* +\d+ {2}20\d\d-\d\d-\d\dT[\d:.]+Z$/gm)).toHaveLength(matching);
  });

  it.each(examples.filter((name) => !ofFiles.includes(name)))('%s', async (name) => {
    const { code, stdout, stderr } = await run({ CLAIM: `examples/${name}` });
    expect(stderr).toBe('');
    expect(code).toBe(0);
    // What is in the rows has been checked by the run itself.
    const [, headings, ...rows] = /^Table .*\n(?:.+\n)+/m.exec(stdout)?.[0].trim().split('\n') ?? [];
    expect(headings).toBeDefined();
    expect(rows).not.toEqual([]);
  });
});

describe.concurrent('make run, bad input: one clear line, and not zero', () => {
  const claim = (spec: string) =>
    `apiVersion: fileingest.dev/v1alpha1\nkind: FileIngestPipeline\nmetadata: {name: a}\nspec: ${spec}\n`;

  it.each([
    ['no file', () => ({ CLAIM: 'nope.yaml' }), 'nope.yaml does not exist. Give the path of a claim.'],
    ['no YAML', () => ({ CLAIM: write('bad.yaml', 'a: [') }), 'is not valid YAML'],
    [
      'a field that is not known',
      () => ({
        CLAIM: write('field.yaml', claim('{region: eu-west-1, bucket: x, workflow: {type: RecordFile}}')),
      }),
      'spec.bucket: Invalid value: "x": unknown field.',
    ],
    [
      'a rule of the function',
      () => ({
        CLAIM: write(
          'rule.yaml',
          claim(
            '{region: eu-west-1, workflow: {type: RecordFile}, table: {kmsKeyArn: "arn:aws:kms:us-east-1:111122223333:key/1"}}',
          ),
        ),
      }),
      'the claim was refused: spec.table.kmsKeyArn: Invalid value: "arn:aws:kms:us-east-1:111122223333:key/1": must be in eu-west-1, as the pipeline is, but is in us-east-1. Name one in eu-west-1.',
    ],
    [
      'no files',
      () => ({ FILES: 'nowhere' }),
      'FILES=nowhere is not a folder. Name a folder with the files to upload.',
    ],
    ['no port', () => ({ EMULATOR_PORT: 'http' }), 'EMULATOR_PORT=http is not a port. Give a number.'],
    ['no URL', () => ({ EMULATOR_URL: 'localhost' }), 'EMULATOR_URL=localhost is not an http(s) URL.'],
    [
      'nobody there',
      () => ({ EMULATOR_URL: 'http://127.0.0.1:1' }),
      'EMULATOR_URL=http://127.0.0.1:1 does not answer',
    ],
  ])('%s', async (_why, env, message) => {
    const { code, stderr } = await run(env());
    expect(code).toBe(1);
    expect(stderr).toContain(`make run: `);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });

  it('a taken port', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? String(address.port) : '';
    const { code, stderr } = await run({ EMULATOR_PORT: port });
    server.close();
    expect(code).toBe(1);
    expect(stderr.trim()).toBe(
      `make run: port ${port} on 127.0.0.1 is taken: stop what listens there, or name another`,
    );
  });
});

describe('make run on an emulator that already runs', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator({ region: 'eu-west-1' });
  });
  afterAll(async () => {
    await emulator?.stop();
  });

  /** What there is in AWS, by service. */
  async function left() {
    const { s3, dynamodb, lambda, sfn, sqs, iam, close } = createClients(emulator);
    try {
      return {
        buckets: ((await s3.listBuckets({})).Buckets ?? []).length,
        tables: ((await dynamodb.listTables({})).TableNames ?? []).length,
        functions: ((await lambda.listFunctions({})).Functions ?? []).length,
        stateMachines: ((await sfn.listStateMachines({})).stateMachines ?? []).length,
        queues: ((await sqs.listQueues({})).QueueUrls ?? []).length,
        roles: ((await iam.listRoles({})).Roles ?? []).length,
      };
    } finally {
      close();
    }
  }

  const claim = (dataRetention: string) =>
    `apiVersion: fileingest.dev/v1alpha1\nkind: FileIngestPipeline\nmetadata: {name: a}\nspec: {region: eu-west-1, dataRetention: ${dataRetention}, workflow: {type: RecordFile}}\n`;
  const nothing = { buckets: 0, tables: 0, functions: 0, stateMachines: 0, queues: 0, roles: 0 };

  it('leaves nothing behind with dataRetention Delete', async () => {
    const { code, stderr } = await run({
      CLAIM: write('delete.yaml', claim('Delete')),
      EMULATOR_URL: emulator.endpoint,
    });
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(await left()).toEqual(nothing);
  });

  it('leaves bucket and table behind with dataRetention Retain', async () => {
    const { code, stderr } = await run({
      CLAIM: write('retain.yaml', claim('Retain')),
      EMULATOR_URL: emulator.endpoint,
    });
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(await left()).toEqual({ ...nothing, buckets: 1, tables: 1 });
  });
});
