/** Tests the CI workflows and Renovate's configuration against this repository. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { isObject, type Json } from '../function/src/objects.ts';

const ROOT = join(import.meta.dirname, '..');
const FOLDER = join(ROOT, '.github', 'workflows');
const read = (...path: string[]) => readFileSync(join(ROOT, ...path), 'utf8');
const WORKFLOWS = readdirSync(FOLDER).sort();

const parsed = (file: string): Json => parse(read('.github', 'workflows', file));
const objects = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);
const jobsOf = (workflow: Json): [string, Json][] =>
  Object.entries(isObject(workflow['jobs']) ? workflow['jobs'] : {}).flatMap(([name, job]) =>
    isObject(job) ? [[name, job]] : [],
  );

/** The make targets of a job. A target from the matrix stands for all targets of the matrix. */
function targetsOf(job: Json): string[] {
  const matrix =
    isObject(job['strategy']) && isObject(job['strategy']['matrix']) ? job['strategy']['matrix'] : {};
  const listed = Array.isArray(matrix['target']) ? matrix['target'].map(String) : [];
  const ofMatrix = [...listed, ...objects(matrix['include']).map(({ target }) => String(target))];
  return objects(job['steps']).flatMap(({ run }) => {
    const [, target] = /^make (.+)$/m.exec(String(run ?? '')) ?? [];
    if (target === undefined) return [];
    return target.includes('matrix.target') ? ofMatrix : target.split(' ');
  });
}

it('are the checks and the release', () => {
  expect(WORKFLOWS).toEqual(['ci.yaml', 'release.yaml']);
});

it('the checks make everything that a pull request needs', () => {
  const targets = jobsOf(parsed('ci.yaml')).flatMap(([, job]) => targetsOf(job));
  expect(targets).toEqual(['lint', 'check', 'test', 'test-engines', 'run', 'package', 'e2e', 'e2e-gitops']);
});

describe.each(WORKFLOWS)('%s', (file) => {
  const workflow = parsed(file);
  const jobs = jobsOf(workflow);

  it('makes targets that the Makefile has', () => {
    const known = [...read('Makefile').matchAll(/^([a-z0-9-]+):/gm)].map(([, target]) => target);
    const targets = jobs.flatMap(([, job]) => targetsOf(job));
    expect(targets.length).toBeGreaterThan(0);
    expect(targets.filter((target) => !known.includes(target))).toEqual([]);
  });

  it('pins every action by commit, with its version beside it', () => {
    const lines = read('.github', 'workflows', file)
      .split('\n')
      .filter((line) => /^\s*(- )?uses:/.test(line));
    expect(lines.length).toBeGreaterThan(0);
    const pinned =
      /uses: ([\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+|\.\/\.github\/workflows\/\w+\.yaml)$/;
    expect(lines.filter((line) => !pinned.test(line))).toEqual([]);
  });

  it('pins an action by one commit only', () => {
    const all = WORKFLOWS.flatMap((name) => [
      ...read('.github', 'workflows', name).matchAll(/uses: (\S+)@(\S+)/g),
    ]);
    const commits = new Map<string, Set<string>>();
    for (const [, action = '', commit = ''] of all) {
      commits.set(action, (commits.get(action) ?? new Set()).add(commit));
    }
    expect([...commits].filter(([, some]) => some.size > 1)).toEqual([]);
  });

  it('has no more rights than to read, but where a job says so, and every job ends', () => {
    const { permissions } = workflow;
    expect([{}, { contents: 'read' }]).toContainEqual(permissions);
    const writing = jobs.filter(([, job]) => Object.values(job['permissions'] ?? {}).includes('write'));
    expect(writing.map(([name]) => name)).toEqual(file === 'release.yaml' ? ['publish'] : []);
    const endless = jobs.filter(([, job]) => !job['uses'] && job['timeout-minutes'] === undefined);
    expect(endless.map(([name]) => name)).toEqual([]);
  });

  it('leaves no token in the clone, and gives no secret to the command line', () => {
    const steps = jobs.flatMap(([, job]) => objects(job['steps']));
    const clones = steps.filter(({ uses }) => String(uses).startsWith('actions/checkout@'));
    expect(clones.length).toBeGreaterThan(0);
    expect(
      clones.filter(({ with: given }) => !isObject(given) || given['persist-credentials'] !== false),
    ).toEqual([]);
    expect(steps.filter(({ run }) => /\$\{\{\s*(secrets|github)\./.test(String(run ?? '')))).toEqual([]);
  });
});

describe('renovate.json', () => {
  const config: {
    customManagers: { description: string; managerFilePatterns: string[]; matchStrings: string[] }[];
  } = JSON.parse(read('renovate.json'));
  const files = ['apis', 'argocd', 'e2e', 'local', 'tools'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
  );

  it.each(config.customManagers)('finds a version: $description', ({ managerFilePatterns, matchStrings }) => {
    const patterns = managerFilePatterns.map((pattern) => new RegExp(pattern.slice(1, -1)));
    const texts = files
      .filter((file) => patterns.some((pattern) => pattern.test(file)))
      .map((file) => read(file));
    const counts = matchStrings.map(
      (one) => texts.flatMap((text) => [...text.matchAll(new RegExp(one, 'g'))]).length,
    );
    expect(counts.filter((count) => count === 0)).toEqual([]);
  });
});
