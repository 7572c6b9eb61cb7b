import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { functionName, releaseVersion } from '../function/package.ts';
import { at, stringAt } from '../function/src/objects.ts';
import { manifestsOf } from '../tools/yaml.ts';
import { bumped, withFunction } from './bump.ts';

const ROOT = join(import.meta.dirname, '..');
const NEXT = 'v98.7.6';
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
/** The files of the repository on a day on which something is unreleased. */
const readNow = (file: string) => {
  const news = '## Unreleased\n\n### Added\n\n- This.\n';
  return file === 'CHANGELOG.md' ? read(file).replace(/^## Unreleased\n/m, news) : read(file);
};
const files = bumped(NEXT.slice(1), '2030-01-02', readNow);
const textOf = (file: string) => files.get(file) ?? '';

/** They name a version that stays: pins, what was recorded, what was released, and any version at all in tests. */
const STAYS = [
  /^argocd\/environments\/\w+\/patches\/revision\.yaml$/,
  /^argocd\/install\/testdata\//,
  /^argocd\/platform\/function\.yaml$/,
  /^CHANGELOG\.md$/,
  // The pins again, and a run that was recorded.
  /^docs\/gitops\.md$/,
  /\.test\.ts$/,
  // Not ours: modules and packages of others have such versions too.
  /\/go\.(mod|sum)$|^package-lock\.json$|requirements.*\.txt$/,
];

it('leaves no file that names the version before', () => {
  const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' })
    .split('\0')
    .filter(Boolean);
  const current = releaseVersion();
  const forgotten = tracked
    .filter((file) => !STAYS.some((pattern) => pattern.test(file)))
    .filter((file) => {
      const text = files.get(file) ?? read(file);
      return [current, functionName(current)].some((name) => text.includes(name));
    });
  expect(forgotten, 'argocd/bump.ts: write the version there too, or say it without a number').toEqual([]);
});

it('writes the version where it is named', () => {
  expect(JSON.parse(textOf('package.json')).version).toBe('98.7.6');
  const lock = JSON.parse(textOf('package-lock.json'));
  expect([lock.version, lock.packages[''].version]).toEqual(['98.7.6', '98.7.6']);
  expect({ ...lock, version: undefined, packages: { ...lock.packages, '': undefined } }).toEqual({
    ...JSON.parse(read('package-lock.json')),
    version: undefined,
    packages: { ...JSON.parse(read('package-lock.json')).packages, '': undefined },
  });
  const [composition] = manifestsOf(textOf('compositions/composition.yaml'));
  expect(at(composition, 'metadata', 'labels')).toMatchObject({ 'fileingest.dev/version': NEXT });
  expect(textOf('CHANGELOG.md')).toMatch(/^## Unreleased\n\n## 98\.7\.6 - 2030-01-02\n\n### /m);
});

it('keeps the older functions beside the new one, each with its own settings', () => {
  const twice = manifestsOf(withFunction(textOf('argocd/platform/function.yaml'), NEXT, 'v99.0.0'));
  const names = ['v99.0.0', NEXT, releaseVersion()].map(functionName);
  const functions = twice.filter(({ kind }) => kind === 'Function');
  expect(functions.map(({ metadata }) => metadata.name).slice(0, 3)).toEqual(names);
  expect(functions.map((one) => stringAt(one, 'spec', 'runtimeConfigRef', 'name')).slice(0, 3)).toEqual(
    names,
  );
  expect(functions.map((one) => stringAt(one, 'spec', 'package')?.split(':')[1]).slice(0, 3)).toEqual([
    'v99.0.0',
    NEXT,
    releaseVersion(),
  ]);
  const settings = twice.filter(({ kind }) => kind === 'DeploymentRuntimeConfig');
  expect(settings.map(({ metadata }) => metadata.name).slice(0, 3)).toEqual(names);
  expect(new Set(settings.slice(0, 3).map(({ spec }) => JSON.stringify(spec))).size).toBe(1);
});

it.each([
  ['1.2', /^VERSION: Invalid value: "1\.2": must be a version such as /],
  ['v99.0.0', /^VERSION: Invalid value: "v99\.0\.0": must be a version/],
  [releaseVersion().slice(1), /must be later than \d/],
  [`${releaseVersion().slice(1)}-rc.1`, /must be later than \d/],
  ['0.0.1', /must be later than \d/],
])('refuses %s', (version, message) => {
  expect(() => bumped(version, '2030-01-02')).toThrow(message);
});

it('takes a candidate, and after it the next one', () => {
  expect(bumped('99.0.0-rc.1', '2030-01-02', readNow).size).toBe(files.size);
});

it('refuses a release in which nothing is new', () => {
  const nothing = (file: string) =>
    file === 'CHANGELOG.md' ? '# Changelog\n\n## Unreleased\n\n## 0.0.1 - 2029-01-01\n' : read(file);
  expect(() => bumped('99.0.0', '2030-01-02', nothing)).toThrow(
    /^CHANGELOG\.md has nothing under "Unreleased"/,
  );
});
