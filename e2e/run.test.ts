import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type EndToEnd, runEndToEnd } from './run.ts';
import type { ScenarioOn } from './scenario.ts';
import type { SubstrateBase } from './substrate.ts';

interface FakeStage {
  close(): void;
}

let folder: string;
let done: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'run-test-'));
  done = [];
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  vi.spyOn(console, 'error').mockImplementation((line: string) => done.push(line.trim()));
});

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  rmSync(folder, { recursive: true });
});

const substrate: SubstrateBase = {
  ...{ name: 'host', kubeconfig: '', emulatorEndpoint: '' },
  versions: async () => ({}),
  saveLogs: async (logs) => void done.push(`logs in ${logs.slice(folder.length + 1)}`),
  stop: async () => void done.push('stop'),
};

const scenario = (name: string, run: () => Promise<string[]>): ScenarioOn<FakeStage> => ({
  ...{ name, title: `proves ${name}` },
  run: () => {
    done.push(name);
    return run();
  },
});

function run(changes: Partial<EndToEnd<FakeStage, ScenarioOn<FakeStage>>>) {
  return runEndToEnd('make it', folder, () => ({
    options: { substrate: 'host', emulator: 'ministack', keep: false, only: [] },
    substrate,
    scenarios: [],
    bringUp: async () => ({
      stage: { close: () => void done.push('close') },
      save: async (failure) => {
        mkdirSync(failure, { recursive: true });
        writeFileSync(join(failure, 'events.txt'), 'none');
      },
      usage: [],
      versions: async () => ({ Kubernetes: 'v1.34.4' }),
    }),
    whyNot: () => [],
    heading: 'host',
    success: 'All is well.',
    cleanUp: () => void done.push('clean up'),
    ...changes,
  }));
}

it('runs what can be run, and goes on after a failure, whose traces it keeps', async () => {
  await run({
    scenarios: [
      scenario('first', async () => ['3 items']),
      scenario('second', async () => Promise.reject(new Error('no item'))),
      scenario('third', async () => []),
      scenario('fourth', async () => []),
    ],
    whyNot: ({ name }, _stage, before) => (name === 'third' ? [`${before.length} were before it`] : []),
  });
  expect(done).toEqual(['first', 'second', 'fourth', 'close', 'stop', 'clean up']);
  const lines = readFileSync(join(folder, 'report/report.md'), 'utf8').replaceAll(/ +/g, ' ').split('\n');
  expect(lines).toContain('passed first 0 s proves first');
  expect(lines).toContain(' no item');
  expect(lines).toContain('skipped third 0 s proves third');
  expect(lines).toContain(' 2 were before it');
  expect(lines).toContain('2 passed, 1 failed, 1 skipped');
  expect(existsSync(join(folder, 'failure/second/events.txt'))).toBe(true);
  expect(process.exitCode).toBe(1);
});

it('begins without what an earlier failure left, and succeeds where nothing failed', async () => {
  mkdirSync(join(folder, 'failure/old'), { recursive: true });
  await run({ scenarios: [scenario('first', async () => [])] });
  expect(existsSync(join(folder, 'failure'))).toBe(false);
  expect(process.exitCode).toBeUndefined();
});

it('stops what began to come up, and keeps its logs', async () => {
  await run({ bringUp: () => Promise.reject(new Error('no etcd')) });
  expect(done).toEqual(['logs in failure/start', 'stop', 'clean up', 'make it: no etcd']);
  expect(process.exitCode).toBe(1);
});
