import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildPlugin } from './build.ts';

let folder: string;
let sources: readonly string[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plugin-'));
  sources = await buildPlugin(join(folder, 'kubectl-fip'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('one file, which runs from a folder of the PATH', () => {
  const PATH = [folder, dirname(process.execPath), process.env['PATH']].join(delimiter);
  const help = execFileSync('kubectl-fip', ['status', '--help'], { env: { PATH }, encoding: 'utf8' });
  expect(help).toContain('Usage: kubectl fip status [NAME] [options]');
});

it('says what is wrong on standard error, and tells it in the exit status', () => {
  const { status, stdout, stderr } = spawnSync(join(folder, 'kubectl-fip'), ['stauts'], { encoding: 'utf8' });
  expect({ status, stdout, stderr }).toEqual({
    status: 2,
    stdout: '',
    stderr: 'kubectl fip: stauts: there is no such command. See kubectl fip --help.\n',
  });
});

it('has nothing of what builds, runs or tests the project', () => {
  const folders = new Set(
    sources.filter((path) => !path.includes('node_modules/')).map((path) => path.split('/')[0]),
  );
  expect([...folders].sort()).toEqual(['function', 'lambda', 'plugin']);
});
