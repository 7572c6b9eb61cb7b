import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BUILD_TIMEOUT_MS, ensureBinaries } from '../tools/programs/binaries.ts';
import { tell } from '../tools/terminal.ts';
import { check } from './check.ts';
import type { Kustomize } from './promote/kustomize.ts';

const ROOT = join(import.meta.dirname, '..');

let kustomize: Kustomize;
beforeAll(async () => {
  kustomize = [(await ensureBinaries(['kustomize'], tell)).kustomize, 'build'];
}, BUILD_TIMEOUT_MS);

/** A git repository with a copy of the environments. */
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fileingest-check-'));
  cpSync(join(ROOT, 'argocd'), join(root, 'argocd'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

const path = (...parts: string[]) => join(root, 'argocd/environments', ...parts);
function edit(file: string, from: string | RegExp, to: string): void {
  const before = readFileSync(file, 'utf8');
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  writeFileSync(file, after);
}

/** Adds a file to an environment's claims, and to their list. */
function add(environment: string, file: string, content: string): void {
  writeFileSync(path(environment, 'claims', file), content);
  edit(path(environment, 'claims/kustomization.yaml'), /$/, `  - ${file}\n`);
}
const claim = (name: string, spec: string) =>
  `apiVersion: fileingest.dev/v1alpha1\nkind: FileIngestPipeline\nmetadata:\n  name: ${name}\nspec: ${spec}\n`;
const RECORD = '{ workflow: { type: RecordFile } }';

/** Runs the check. Resolves to its output, and whether there is no problem. */
async function run(): Promise<[said: string[], isRight: boolean]> {
  const said: string[] = [];
  const isRight = await check(root, kustomize, (line) => said.push(line));
  return [said, isRight];
}

describe('make check', () => {
  it('counts what it looked at', async () => {
    expect(await run()).toEqual([['3 environments, 6 claims: nothing wrong'], true]);
    expect(readdirSync(join(root, '.cache'))).toEqual([]);
  });

  it('says what is wrong with each file, and looks at the rest', async () => {
    add('dev', 'broken.yaml', 'kind: {\n');
    add('dev', 'config.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: config }\n');
    add('dev', 'two.yaml', `${claim('one', RECORD)}---\n${claim('two', RECORD)}`);
    writeFileSync(path('dev', 'claims/forgotten.yaml'), claim('forgotten', RECORD));
    edit(path('dev', 'claims/kustomization.yaml'), /$/, '  - gone.yaml\n');
    edit(path('dev', 'claims/orders.yaml'), 'prefix: orders/', 'prefix: /orders');
    edit(path('prod', 'claims/invoices.yaml'), 'type: RecordFile', 'type: Glacier');
    const files = 'argocd/environments/dev/claims';
    expect(await run()).toEqual([
      [
        `${files}/forgotten.yaml: is not listed in kustomization.yaml, and so no environment has it. List it, or remove it.`,
        expect.stringMatching(`^${files}/broken\\.yaml: is not valid YAML: .* at line 2, column 1$`),
        `${files}/config.yaml: is a ConfigMap. Give a file with a FileIngestPipeline.`,
        `${files}/two.yaml: has 2 YAML documents. Give a file with one FileIngestPipeline.`,
        `${files}/kustomization.yaml: resources: "gone.yaml" is no file there. Add the file, or take it out of the list.`,
        `${files}/orders.yaml: fileingest-dev/orders: spec.source.prefix: Invalid value: "/orders": prefix must not start with a slash, ` +
          'since S3 keys do not. Remove the leading slash.',
        expect.stringMatching(
          /^argocd\/environments\/prod\/claims\/invoices.yaml: fileingest-prod\/invoices: spec.workflow.type: Unsupported value: "Glacier"/,
        ),
        '3 environments, 6 claims: 7 problems',
      ],
      false,
    ]);
  });

  it('says what does not build, and looks at the other environments', async () => {
    edit(path('dev', 'kustomization.yaml'), 'path: patches/every-claim.yaml', 'path: patches/gone.yaml');
    edit(path('staging', 'claims/kustomization.yaml'), 'resources:', 'resources: {');
    edit(path('prod', 'claims/orders.yaml'), 'prefix: orders/', 'prefix: /orders');
    const [said, isRight] = await run();
    expect(said).toEqual([
      expect.stringMatching(/^argocd\/environments\/dev: does not build: .*patches\/gone\.yaml/),
      'argocd/environments/prod/claims/orders.yaml: fileingest-prod/orders: spec.source.prefix: Invalid value: "/orders": prefix must ' +
        'not start with a slash, since S3 keys do not. Remove the leading slash.',
      expect.stringMatching(/^argocd\/environments\/staging: does not build: .*claims/),
      '3 environments, 2 claims: 3 problems',
    ]);
    expect(said.join('\n')).not.toContain(root);
    expect(isRight).toBe(false);
  });

  it('says what the function refuses, each error in a line', async () => {
    const states = '{ First: { Type: Pass, Next: Nowhere } }';
    const custom = `{ workflow: { type: Custom, custom: { definition: { StartAt: First, States: ${states} } } } }`;
    add('dev', 'wrong.yaml', claim('wrong', custom));
    const at =
      'argocd/environments/dev/claims/wrong.yaml: fileingest-dev/wrong: spec.workflow.custom.definition.States';
    expect(await run()).toEqual([
      [
        `${at}.First.Next: Invalid value: "Nowhere": is not the name of a state. There are: First.`,
        expect.stringContaining(`${at}: Invalid value: "First": starts what never ends.`),
        '3 environments, 7 claims: 2 problems',
      ],
      false,
    ]);
  });

  it('holds claims to the platform of their cluster', async () => {
    const platform = join(root, 'argocd/platform/environment-config.yaml');
    edit(platform, '# allowedRegions: [eu-west-1, eu-central-1]', 'allowedRegions: [eu-west-1]');
    const refused = 'spec.region: Forbidden: the platform does not allow eu-central-1. Use one of eu-west-1.';
    const [said] = await run();
    expect(said).toEqual([
      ...['invoices', 'orders'].map(
        (name) => `argocd/environments/prod/claims/${name}.yaml: fileingest-prod/${name}: ${refused}`,
      ),
      '3 environments, 6 claims: 2 problems',
    ]);
    edit(path('prod', 'environment.yaml'), 'in-cluster', 'eu-prod');
    expect(await run()).toEqual([['3 environments, 6 claims: nothing wrong'], true]);
    edit(platform, 'data:', 'data: {');
    expect((await run())[0][0]).toMatch(/^argocd\/platform\/environment-config\.yaml is not valid YAML: /);
  });

  it('says which names two claims give', async () => {
    for (const environment of ['dev', 'prod'])
      add(
        environment,
        'receipts.yaml',
        claim('receipts', '{ source: { bucketName: acme-in }, workflow: { type: RecordFile } }'),
      );
    add('dev', 'scans.yaml', claim('scans', '{ table: { name: Scans }, workflow: { type: RecordFile } }'));
    add('dev', 'notes.yaml', claim('notes', '{ table: { name: Scans }, workflow: { type: RecordFile } }'));
    const [said, isRight] = await run();
    expect(said.map((line) => line.split(' too,')[0])).toEqual([
      'argocd/environments/dev/claims/scans.yaml: fileingest-dev/scans: spec.table.name: Duplicate value: "Scans": is spec.table.name of ' +
        'fileingest-dev/notes in argocd/environments/dev/claims/notes.yaml',
      'argocd/environments/prod/claims/receipts.yaml: fileingest-prod/receipts: spec.source.bucketName: Duplicate value: "acme-in": is ' +
        'spec.source.bucketName of fileingest-dev/receipts in argocd/environments/dev/claims/receipts.yaml',
      '3 environments, 10 claims: 2 problems',
    ]);
    expect(isRight).toBe(false);
  });

  it('says what is no environment, and what else is in one', async () => {
    writeFileSync(path('dev', 'environment.yaml'), 'cluster: {\n');
    rmSync(path('staging', 'environment.yaml'));
    writeFileSync(
      path('prod', 'config.yaml'),
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: config }\n',
    );
    edit(path('prod', 'kustomization.yaml'), '  - claims\n', '  - claims\n  - config.yaml\n');
    expect(await run()).toEqual([
      [
        'argocd/environments/staging: has claims and no environment.yaml, and so is no environment. Add it, or remove the folder.',
        expect.stringMatching(/^argocd\/environments\/dev\/environment\.yaml is no YAML: /),
        'argocd/environments/prod: ConfigMap/fileingest-prod/config: is no claim, and the project fileingest-prod permits no ' +
          'other kind than FileIngestPipeline. Remove it.',
        '2 environments, 4 claims: 3 problems',
      ],
      false,
    ]);
    for (const name of ['dev', 'staging', 'prod']) rmSync(path(name), { recursive: true });
    expect(await run()).toEqual([
      [
        'argocd/environments: has no folder with an environment.yaml, and so there is nothing to check.',
        '0 environments, 0 claims: 1 problem',
      ],
      false,
    ]);
  });

  it('looks at an environment whose claims are all wrong', async () => {
    for (const name of ['invoices', 'orders']) writeFileSync(path('dev', `claims/${name}.yaml`), '');
    const [said] = await run();
    expect(said).toEqual([
      'argocd/environments/dev/claims/invoices.yaml: is empty. Give a file with a FileIngestPipeline.',
      'argocd/environments/dev/claims/orders.yaml: is empty. Give a file with a FileIngestPipeline.',
      '3 environments, 4 claims: 2 problems',
    ]);
  });

  it('fails as a command where something is wrong', () => {
    for (const folder of [
      'apis',
      'compositions',
      'tools',
      'function',
      'lambda',
      'local',
      'node_modules',
      'package.json',
    ])
      symlinkSync(join(ROOT, folder), join(root, folder));
    writeFileSync(path('dev', 'claims/orders.yaml'), '');
    const { status, stdout } = spawnSync(process.execPath, [join(root, 'argocd/check.ts')], {
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([
      1,
      'argocd/environments/dev/claims/orders.yaml: is empty. Give a file with a FileIngestPipeline.\n' +
        '3 environments, 5 claims: 1 problem\n',
    ]);
  });
});
