import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { exampleClaims } from '../function/examples.ts';
import { at, isObject, type Json, stringAt } from '../function/src/objects.ts';
import { BUILD_TIMEOUT_MS, ensureBinaries } from '../tools/programs/binaries.ts';
import { tell } from '../tools/terminal.ts';
import { validate } from '../tools/validation.ts';
import { writeObjects } from '../tools/yaml.ts';
import { claimErrors } from './promote/check.ts';
import { claimNames, readFiles } from './promote/claims.ts';
import { BASE, readEnvironments } from './promote/environments.ts';
import { buildFolder } from './promote/kustomize.ts';
import { placeClaims } from './promote/place.ts';
import { sharedNameError, sharedNames } from './promote/shared-names.ts';
import { readSignIns } from './promote/sign-ins.ts';

const ROOT = join(import.meta.dirname, '..');
const ALL = readEnvironments(ROOT);
const ENVIRONMENTS = ALL.map(({ name }) => name);
/** The environments that follow another one, and get their revision from it. */
const PINNED = ALL.filter(({ follows }) => follows !== undefined).map(({ name }) => name);

let folder: string;
let cli: string;
/** The objects by environment: from git, and with the claims of dev and one claim per example in place of its own. */
const built: Record<string, Json[]> = {};
const full: Record<string, Json[]> = {};

/** Adds the examples to an environment's claims, without namespace and region and with unique names. */
async function addExamples(claims: string): Promise<string[]> {
  const names = exampleClaims().map((path) => path.replace('.yaml', '').replace('/', '-'));
  for (const [index, path] of exampleClaims().entries()) {
    const claim: unknown = parse(await readFile(join(ROOT, 'examples', path), 'utf8'));
    const { region: _, ...spec } = Object(at(claim, 'spec'));
    const example = { ...Object(claim), metadata: { name: names[index] }, spec };
    await writeObjects(join(claims, `${names[index]}.yaml`), [example]);
  }
  const list = join(claims, 'kustomization.yaml');
  const resources = names.map((name) => `  - ${name}.yaml\n`).join('');
  await writeFile(list, (await readFile(list, 'utf8')) + resources);
  return names;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fileingest-environments-'));
  const binaries = await ensureBinaries(['kustomize', 'crossplane-cli'], tell);
  cli = binaries['crossplane-cli'];
  const source = (...path: string[]) => join(import.meta.dirname, 'environments', ...path);
  await cp(source(BASE), join(folder, BASE), { recursive: true });
  for (const environment of ENVIRONMENTS) {
    built[environment] = await buildFolder([binaries.kustomize, 'build'], source(environment));
    const copy = join(folder, environment);
    await cp(source(environment), copy, { recursive: true });
    await rm(join(copy, 'claims'), { recursive: true });
    await cp(source('dev', 'claims'), join(copy, 'claims'), { recursive: true });
    await addExamples(join(copy, 'claims'));
    full[environment] = await buildFolder([binaries.kustomize, 'build'], copy);
  }
}, BUILD_TIMEOUT_MS);
afterAll(() => rm(folder, { recursive: true, force: true }));

const claimsOf = (objects: readonly Json[] | undefined) =>
  (objects ?? []).filter(({ kind }) => kind === 'FileIngestPipeline');
const nameOf = (object: Json) => stringAt(object, 'metadata', 'name') ?? '';

async function refused(name: string, objects: readonly Json[]): Promise<unknown[]> {
  const file = await writeObjects(join(folder, `${name}.yaml`), objects);
  const verdicts = await validate(cli, [join(ROOT, 'apis/definition.yaml')], [file], join(folder, 'cache'));
  expect(verdicts.map(({ object }) => object)).toEqual(
    objects.map((object) => `FileIngestPipeline ${nameOf(object)}`),
  );
  return verdicts.filter(({ status }) => status !== 'valid');
}

/** The paths of the differences between two values, such as `spec.region`. */
function differing(a: unknown, b: unknown, path: string[] = []): string[] {
  if (isObject(a) || isObject(b)) {
    const fields = [...new Set([...Object.keys(Object(a)), ...Object.keys(Object(b))])];
    return fields.flatMap((field) => differing(at(a, field), at(b, field), [...path, field]));
  }
  return isDeepStrictEqual(a, b) ? [] : [path.join('.')];
}

/** The paths that can differ between environments. */
const OWN = [
  /^metadata\.(namespace|annotations|labels)(\.|$)/,
  /^spec\.(region|dataRetention)$/,
  /^spec\.providerConfigRef\.name$/,
  /^spec\.crossplane\./,
  /^spec\.tags\.environment$/,
  /^spec\.source\.versioning$/,
  /^spec\.table\.(deletionProtection|pointInTimeRecovery)$/,
  /^spec\.observability\./,
  /^spec\.functions\.(memoryMB|timeoutSeconds|reservedConcurrency)$/,
];

describe.each(ENVIRONMENTS)('%s', (environment) => {
  it('has what its claims folder lists, in its own namespace', () => {
    const names = claimNames(readFiles(join(import.meta.dirname, 'environments', environment, 'claims')));
    expect(names.length).toBeGreaterThan(0);
    expect(
      built[environment]?.map((object) => [
        object['kind'],
        nameOf(object),
        stringAt(object, 'metadata', 'namespace'),
      ]),
    ).toEqual(names.map((name) => ['FileIngestPipeline', name, `fileingest-${environment}`]));
  });

  it('is what an API server with the XRD admits', async () => {
    expect(await refused(environment, claimsOf(built[environment]))).toEqual([]);
  });

  it('is so with a claim of each example, and nothing else has to be written', async () => {
    const claims = claimsOf(full[environment]);
    expect(claims.length).toBeGreaterThanOrEqual(exampleClaims().length + 1);
    expect(await refused(`${environment}-full`, claims)).toEqual([]);
    // The check of `make promote`, which needs no binaries, must give the same result.
    expect(claimErrors(claims)).toEqual([]);
  });

  it('gives each claim what it gives the others', () => {
    const given = claimsOf(full[environment]).map(({ spec }) => ({
      region: stringAt(spec, 'region'),
      dataRetention: stringAt(spec, 'dataRetention'),
      tag: stringAt(spec, 'tags', 'environment'),
      logRetentionDays: at(spec, 'observability', 'logRetentionDays'),
      // The topic comes from the platform.
      alarms: at(spec, 'observability', 'alarms'),
    }));
    const [first] = given;
    expect(first).toEqual({
      region: expect.stringMatching(/^[a-z]+-[a-z]+-\d$/),
      dataRetention: expect.stringMatching(/^(Retain|Delete)$/),
      tag: environment,
      logRetentionDays: expect.any(Number),
      alarms: { enabled: expect.any(Boolean) },
    });
    expect(given).toEqual(given.map(() => first));
  });

  it('has each patch for one claim in that claim', async () => {
    const source = (file: string) =>
      readFile(join(import.meta.dirname, 'environments', environment, file), 'utf8');
    const patches = at(parse(await source('kustomization.yaml')), 'patches');
    for (const patch of Array.isArray(patches) ? patches : []) {
      const name = stringAt(patch, 'target', 'name');
      if (name === undefined) continue;
      const claim = built[environment]?.find((object) => nameOf(object) === name);
      expect(claim?.['spec']).toMatchObject(Object(at(parse(await source(patch.path)), 'spec')));
    }
  });

  it('changes nothing of a claim but what an environment may', () => {
    const pairs = claimsOf(full[environment]).map((claim, index) => [claim, claimsOf(full['dev'])[index]]);
    const others = pairs.flatMap(([claim, other]) =>
      differing(claim, other)
        .filter((path) => !OWN.some((own) => own.test(path)))
        .map((path) => `${stringAt(claim, 'metadata', 'name')}: ${path}`),
    );
    expect(others).toEqual([]);
  });
});

it('no two claims have a name that AWS has once', () => {
  const claims = ALL.flatMap((one) => placeClaims(built[one.name] ?? [], one, new Map()));
  expect(claims.length).toBeGreaterThan(0);
  expect(sharedNames(claims, readSignIns(ROOT)).map(sharedNameError)).toEqual([]);
});

it('a claim of dev follows the newest revision', () => {
  for (const claim of claimsOf(full['dev'])) expect(at(claim, 'spec', 'crossplane')).toBeUndefined();
});

it.each(PINNED)('a claim of %s is pinned by the label of a revision', (environment) => {
  for (const claim of claimsOf(full[environment]))
    expect(at(claim, 'spec', 'crossplane')).toEqual({
      // Crossplane reads the selector only with this policy.
      compositionUpdatePolicy: 'Automatic',
      compositionRevisionSelector: {
        matchLabels: { 'fileingest.dev/version': expect.stringMatching(/^v\d+\.\d+\.\d+$/) },
      },
    });
});

it('a claim of prod keeps its data, and is not deleted unasked', () => {
  for (const claim of claimsOf(full['prod'])) {
    expect(at(claim, 'metadata', 'annotations')).toEqual({
      'argocd.argoproj.io/sync-options': 'Prune=confirm,Delete=confirm',
    });
    expect(at(claim, 'spec')).toMatchObject({
      dataRetention: 'Retain',
      source: { versioning: true },
      table: { deletionProtection: true, pointInTimeRecovery: true },
    });
  }
});

it('prod is in another region than dev, and dev has neither alarms nor data that stays', () => {
  const [dev] = claimsOf(full['dev']);
  const [prod] = claimsOf(full['prod']);
  expect(stringAt(prod, 'spec', 'region')).not.toBe(stringAt(dev, 'spec', 'region'));
  expect(at(prod, 'spec', 'observability', 'alarms', 'enabled')).toBe(true);
  expect(at(dev, 'spec', 'observability', 'alarms', 'enabled')).toBe(false);
  expect(at(dev, 'spec', 'dataRetention')).toBe('Delete');
});
