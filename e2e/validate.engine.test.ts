import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleClaims } from '../function/examples.ts';
import { functionName, releaseVersion } from '../function/package.ts';
import { CATALOGUE, claimOf, readClaim, settle } from '../function/render.ts';
import type { Json } from '../function/src/objects.ts';
import { BUILD_TIMEOUT_MS, ensureBinaries, moduleFolder } from '../tools/programs/binaries.ts';
import { tell } from '../tools/terminal.ts';
import { type Verdict, validate } from '../tools/validation.ts';
import { writeObjects } from '../tools/yaml.ts';

const file = (path: string) => join(import.meta.dirname, '..', path);
const DEFINITION = file('apis/definition.yaml');

/** Folders with Crossplane's own definitions: of what is installed, and of what is in packages. */
async function crossplaneDefinitions(): Promise<string[]> {
  const cluster = join(await moduleFolder('crossplane', tell), 'cluster');
  return [join(cluster, 'crds'), join(cluster, 'meta')];
}

/** The provider's definitions of these groups, such as `s3.aws.m.upbound.io`; all of them would be 2,000. */
async function providerDefinitions(groups: readonly string[]): Promise<string[]> {
  const folder = join(await moduleFolder('provider-aws', tell), 'package', 'crds');
  const files = await readdir(folder);
  return groups.flatMap((group) => {
    const found = files.filter((file) => file.startsWith(`${group}_`));
    if (found.length === 0) throw new Error(`the provider defines nothing in the group ${group}`);
    return found.map((file) => join(folder, file));
  });
}

let folder: string;
let cli: string;
let definitions: string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fileingest-validate-'));
  ({ 'crossplane-cli': cli } = await ensureBinaries(['crossplane-cli'], tell));
  definitions = [DEFINITION, ...(await crossplaneDefinitions())];
  // The provider's module is a download of some minutes where it is not there yet.
  await providerDefinitions([]);
}, BUILD_TIMEOUT_MS);
afterAll(() => rm(folder, { recursive: true, force: true }));

const check = (manifests: readonly string[], more: readonly string[] = []) =>
  validate(cli, [...definitions, ...more], manifests, join(folder, 'cache'));

let written = 0;
async function checkObjects(objects: readonly unknown[], more: readonly string[] = []): Promise<Verdict[]> {
  written += 1;
  const path = join(folder, `objects-${written}.yaml`);
  return check([await writeObjects(path, objects)], more);
}

const refused = (verdicts: readonly Verdict[]) => verdicts.filter(({ status }) => status !== 'valid');

async function rendered(path: string): Promise<Json[]> {
  const { rendered } = await settle(readClaim(path), { catalogue: CATALOGUE });
  return Object.values(rendered.resources);
}

const groupsOf = (objects: readonly Json[]) => [
  ...new Set(objects.map(({ apiVersion }) => String(apiVersion).split('/')[0] ?? '')),
];

describe('crossplane resource validate passes', () => {
  it('the XRD, the Composition and the packages', async () => {
    const verdicts = await check([DEFINITION, file('apis/crossplane.yaml'), file('compositions')]);
    expect(refused(verdicts)).toEqual([]);
    expect(verdicts.map(({ object }) => object)).toEqual(
      expect.arrayContaining([
        'CompositeResourceDefinition fileingestpipelines.fileingest.dev',
        'Composition fileingestpipelines.fileingest.dev',
        'Configuration configuration-fileingest',
      ]),
    );
  });

  it('examples/functions.yaml', async () => {
    expect(await check([file('examples/functions.yaml')])).toEqual([
      { object: `Function ${functionName(releaseVersion())}`, status: 'valid', errors: [] },
    ]);
  });

  it.each(exampleClaims())('examples/%s', async (path) => {
    const verdicts = await check([file(`examples/${path}`)]);
    expect(verdicts).toEqual([{ object: expect.any(String), status: 'valid', errors: [] }]);
  });

  it.each(exampleClaims())('the managed resources of examples/%s', async (path) => {
    const objects = await rendered(path);
    const verdicts = await checkObjects(objects, await providerDefinitions(groupsOf(objects)));
    expect(refused(verdicts)).toEqual([]);
    expect(verdicts.length).toBe(objects.length);
  });
});

const RECORD_FILE = { region: 'eu-west-1', workflow: { type: 'RecordFile' } };

describe('crossplane resource validate refuses', () => {
  it.each([
    ['a field that is missing', { workflow: { type: 'RecordFile' } }, 'spec.region: Required value'],
    [
      'a value that there is not',
      { region: 'eu-west-1', workflow: { type: 'Teleport' } },
      'spec.workflow.type: Unsupported value: "Teleport": supported values: "RecordFile", "RecordMessage", "ProcessImage", "RunScript", "Custom"',
    ],
    [
      'a field that there is not',
      { region: 'eu-west-1', workflow: { type: 'RecordFile', speed: 9 } },
      'spec.workflow.speed: Invalid value: "speed": unknown field: "speed"',
    ],
    [
      'a number out of range',
      { ...RECORD_FILE, functions: { memoryMB: 1 } },
      'spec.functions.memoryMB: Invalid value: 1: spec.functions.memoryMB in body should be greater than or equal to 128',
    ],
    [
      'what a rule of the XRD forbids',
      { ...RECORD_FILE, source: { prefix: '/incoming' } },
      'spec.source.prefix: Invalid value: "/incoming": prefix must not start with a slash, since S3 keys do not. ' +
        'Remove the leading slash.',
    ],
  ])('%s', async (_, spec, error) => {
    expect(await checkObjects([claimOf(spec)])).toEqual([
      { object: 'FileIngestPipeline invoices', status: 'invalid', errors: [error] },
    ]);
  });

  it('a managed resource with a field that the provider does not know', async () => {
    const [bucket] = await rendered('claim.yaml');
    const wrong = { ...bucket, spec: { forProvider: { region: 'eu-west-1', colour: 'red' } } };
    const verdicts = await checkObjects([wrong], await providerDefinitions(['s3.aws.m.upbound.io']));
    expect(verdicts.flatMap(({ errors }) => errors)).toEqual([
      'spec.forProvider.colour: Invalid value: "colour": unknown field: "colour"',
    ]);
  });

  it('a kind that nothing defines', async () => {
    const thing = { apiVersion: 'example.org/v1', kind: 'Thing', metadata: { name: 'x' } };
    expect(await checkObjects([thing])).toEqual([{ object: 'Thing x', status: 'missingSchema', errors: [] }]);
  });
});
