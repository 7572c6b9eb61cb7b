import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { at, isObject, stringAt } from '../function/src/objects.ts';
import { claimNames, readFiles, unlisted } from './promote/claims.ts';
import { BASE, readEnvironments } from './promote/environments.ts';

const ROOT = join(import.meta.dirname, '..');
const folder = (...path: string[]) => join(import.meta.dirname, 'environments', ...path);
const read = (...path: string[]): unknown => parse(readFileSync(folder(...path), 'utf8'));
const ENVIRONMENTS = readEnvironments(ROOT).map(({ name }) => name);

it('every folder is an environment, or what they share', () => {
  expect(readdirSync(folder()).sort()).toEqual([BASE, ...ENVIRONMENTS].sort());
});

it('nothing is pruned in prod', () => {
  expect(at(read('prod', 'environment.yaml'), 'prune')).toBe(false);
});

describe.each(ENVIRONMENTS)('%s', (environment) => {
  const files = readFiles(folder(environment, 'claims'));

  it('tells the ApplicationSet what it asks, and where its claims come from', () => {
    const { follows = 'nowhere', ...asked } = Object(read(environment, 'environment.yaml'));
    expect(asked).toEqual({
      cluster: expect.stringMatching(/./),
      prune: expect.any(Boolean),
      selfHeal: expect.any(Boolean),
    });
    expect(['nowhere', ...ENVIRONMENTS.filter((name) => name !== environment)]).toContain(follows);
  });

  it('lists every claim it has', () => {
    expect(unlisted(files)).toEqual([]);
    expect([...files.keys()].filter((path) => path !== 'kustomization.yaml')).toEqual(
      claimNames(files).map((name) => `${name}.yaml`),
    );
  });

  it.each(claimNames(files))('%s is in a file of its name, and may go to any environment', (name) => {
    const claim = read(environment, 'claims', `${name}.yaml`);
    expect(at(claim, 'kind')).toBe('FileIngestPipeline');
    expect(at(claim, 'metadata')).toEqual({ name });
    expect(at(claim, 'spec', 'region')).toBeUndefined();
    expect(at(claim, 'spec', 'crossplane')).toBeUndefined();
    expect(at(claim, 'spec', 'source', 'bucketName')).toBeUndefined();
  });

  it('patches by name only claims that there are', () => {
    const patches = at(read(environment, 'kustomization.yaml'), 'patches');
    const names = (Array.isArray(patches) ? patches.filter(isObject) : [])
      .map((patch) => stringAt(patch, 'target', 'name'))
      .filter((name) => name !== undefined);
    expect(claimNames(files)).toEqual(expect.arrayContaining(names));
  });
});
