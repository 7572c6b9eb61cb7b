import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { at } from '../../function/src/objects.ts';
import { createRepository, type Repository } from '../../tools/repository.ts';
import { claimDefinition } from './definitions.ts';
import { applicationSetOf, changeAll, changeClaim, namespacesOf, projectOf, writeFleet } from './fleet.ts';
import { settingNamed } from './settings.ts';

const URL = 'git://127.0.0.1:1/fileingest.git';
const LAYOUT = { applications: 2, claims: 3 };

let folder: string;
let repository: Repository;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fleet-'));
  repository = await createRepository(folder);
  writeFleet(repository, LAYOUT);
  await repository.commit('A fleet');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const changed = async () => (await repository.git('diff', '--name-only')).trim().split('\n');

it('each part has its own namespace and claims', async () => {
  const files = (await repository.git('ls-files')).trim().split('\n');
  expect(files.filter((file) => file.includes('/claims/pipeline-'))).toHaveLength(6);
  const text = readFileSync(
    join(repository.work, 'argocd/environments/fleet-0001/kustomization.yaml'),
    'utf8',
  );
  expect(text).toContain('namespace: fileingest-fleet-0001');
  expect(files.join('\n')).not.toContain('invoices');
});

it('one changed claim is one changed file', async () => {
  changeClaim(repository, 1, LAYOUT, 'new');
  expect(await changed()).toEqual(['argocd/environments/fleet-0001/claims/pipeline-0002.yaml']);
});

it('all claims are changed by the base that they share', async () => {
  changeAll(repository, 'new');
  expect(await changed()).toEqual(['argocd/environments/base/every-claim.yaml']);
});

it('the namespaces are those that the parts sync into', () => {
  const names = namespacesOf(LAYOUT).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  expect(names).toEqual(['Namespace fileingest-fleet-0000', 'Namespace fileingest-fleet-0001']);
});

it('orphans are looked for as in the project of dev, unless the setting says no', () => {
  expect(at(projectOf(URL, settingNamed('ours')), 'spec', 'orphanedResources')).toEqual({ warn: true });
  expect(at(projectOf(URL, settingNamed('no-orphans')), 'spec', 'orphanedResources')).toBeUndefined();
});

it("the options of a sync are the environments' own and those of the setting", () => {
  const optionsOf = (set: unknown) => at(set, 'spec', 'template', 'spec', 'syncPolicy', 'syncOptions');
  const ours = [optionsOf(applicationSetOf(URL, settingNamed('ours')))].flat();
  expect(ours).toContain('SkipDryRunOnMissingResource=true');
  expect(optionsOf(applicationSetOf(URL, settingNamed('out-of-sync-only')))).toEqual([
    ...ours,
    'ApplyOutOfSyncOnly=true',
  ]);
  expect(optionsOf(applicationSetOf(URL, settingNamed('client-side-apply')))).toEqual(
    ours.map((option) => (option === 'ServerSideApply=true' ? 'ServerSideApply=false' : option)),
  );
});

it("the claim's definition is the XRD's, open where Crossplane writes", () => {
  const [version]: unknown[] = [at(claimDefinition(), 'spec', 'versions')].flat();
  const properties = at(version, 'schema', 'openAPIV3Schema', 'properties');
  expect(at(properties, 'spec', 'properties', 'crossplane', 'x-kubernetes-preserve-unknown-fields')).toBe(
    true,
  );
  expect(at(properties, 'spec', 'properties', 'workflow')).toBeDefined();
});
