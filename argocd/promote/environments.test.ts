import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Environment, readEnvironments, readStep } from './environments.ts';

const environment = (name: string, follows?: string): Environment => ({
  name,
  follows,
  prune: true,
  cluster: 'in-cluster',
});
const ALL = [
  environment('dev'),
  environment('load', 'staging'),
  environment('prod', 'load'),
  environment('staging', 'dev'),
];
const step = (from: string, to: string, ...skip: string[]) => {
  const ends = readStep(ALL, { from, to, skip });
  return [ends.from.name, ends.to.name];
};

it('reads the environments of this repository', () => {
  expect(readEnvironments(`${import.meta.dirname}/../..`)).toEqual(
    expect.arrayContaining([
      { name: 'dev', follows: undefined, prune: true, cluster: 'in-cluster' },
      { name: 'prod', follows: 'staging', prune: false, cluster: 'in-cluster' },
      { name: 'staging', follows: 'dev', prune: true, cluster: 'in-cluster' },
    ]),
  );
});

it('names the file that is no YAML', () => {
  const root = mkdtempSync(join(tmpdir(), 'environments-'));
  const file = 'argocd/environments/dev/environment.yaml';
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), 'prune: [true\n');
  expect(() => readEnvironments(root)).toThrow(`${file} is no YAML: `);
  rmSync(root, { recursive: true });
});

describe('a step', () => {
  it('does not lead over an environment that is gone', () => {
    const gone = [environment('dev'), environment('prod', 'qa')];
    expect(() => readStep(gone, { from: 'dev', to: 'prod', skip: [] })).toThrow(
      'follows in argocd/environments/prod/environment.yaml is qa, which is no environment. There are dev, prod.',
    );
  });

  it('goes to the next environment', () => {
    expect(step('dev', 'staging')).toEqual(['dev', 'staging']);
    expect(step('load', 'prod')).toEqual(['load', 'prod']);
  });

  it('passes over those that are named', () => {
    expect(step('dev', 'prod', 'load', 'staging')).toEqual(['dev', 'prod']);
  });

  it.each([
    [
      ['dev', 'prod'],
      'FROM=dev TO=prod passes over staging, load. Promote to staging first, with make promote FROM=dev TO=staging, or add SKIP=staging,load.',
    ],
    [['dev', 'prod', 'staging'], 'passes over load. Promote to staging first'],
    [['staging', 'dev'], 'staging does not come before dev, where changes begin. Make the change in dev'],
    [
      ['prod', 'staging'],
      'prod does not come before staging, which takes its claims from dev. Make the change in dev',
    ],
    [['qa', 'dev'], 'FROM=qa is no environment. There are dev, load, prod, staging; each is a folder'],
    [['dev', 'base'], 'TO=base is no environment.'],
  ])('%j is refused', ([from = '', to = '', ...skip], message) => {
    expect(() => step(from, to, ...skip)).toThrow(message);
  });

  it('is refused where the order is a circle', () => {
    const circle = [environment('a', 'b'), environment('b', 'a')];
    expect(() => readStep(circle, { from: 'a', to: 'b', skip: [] })).toThrow('leads from b back to b');
  });
});
