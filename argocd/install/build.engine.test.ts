/** Tests the objects that `kubectl apply -k argocd/install` applies. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { at, type Json, stringAt } from '../../function/src/objects.ts';
import type { KubeObject } from '../../tools/cluster.ts';
import {
  BUILD_TIMEOUT_MS,
  ensureBinaries,
  moduleFolder,
  moduleVersion,
} from '../../tools/programs/binaries.ts';
import { tell } from '../../tools/terminal.ts';
import { objectsOf } from '../../tools/yaml.ts';
import { installManifests, RELEASE } from './build.ts';
import { generate, healthCheck } from './generate.ts';

let objects: KubeObject[] = [];
let released: Json[] = [];
beforeAll(async () => {
  const { kustomize } = await ensureBinaries(['kustomize'], tell);
  const argocd = await moduleFolder('argocd', tell);
  objects = await installManifests(argocd, kustomize);
  released = objectsOf(await readFile(join(argocd, 'manifests/install.yaml'), 'utf8'));
}, BUILD_TIMEOUT_MS);

const find = <T extends Json>(list: readonly T[], kind: string, name: string): T | undefined =>
  list.find((object) => object['kind'] === kind && stringAt(object, 'metadata', 'name') === name);
const exclusions = (list: readonly Json[]): unknown =>
  parse(stringAt(find(list, 'ConfigMap', 'argocd-cm'), 'data', 'resource.exclusions') ?? '');

it('names the version whose module is tested', async () => {
  const text = await readFile(join(import.meta.dirname, 'kustomization.yaml'), 'utf8');
  expect(RELEASE.exec(text)?.[1]).toBe(await moduleVersion('argocd'));
});

it('is the release and its namespace', () => {
  const idOf = (object: Json) => `${object['kind']}/${stringAt(object, 'metadata', 'name')}`;
  expect(objects.map(idOf).toSorted()).toEqual([...released.map(idOf), 'Namespace/argocd'].toSorted());
  const clusterScoped = ['Namespace', 'CustomResourceDefinition', 'ClusterRole', 'ClusterRoleBinding'];
  const elsewhere = objects.filter(
    ({ kind, metadata }) => metadata.namespace !== (clusterScoped.includes(kind) ? undefined : 'argocd'),
  );
  expect(elsewhere.map(idOf)).toEqual([]);
});

it('excludes what the release excludes, and what providers write for themselves', () => {
  const ours = {
    apiGroups: ['*.upbound.io', '*.crossplane.io'],
    kinds: ['ProviderConfigUsage', 'ClusterProviderConfigUsage'],
  };
  const theirs = exclusions(released);
  expect(Array.isArray(theirs) && theirs.length).toBe(7);
  expect(exclusions(objects)).toEqual([...(Array.isArray(theirs) ? theirs : []), ours]);
});

it('keeps the other settings of the release, and has the health checks', () => {
  const data = at(find(objects, 'ConfigMap', 'argocd-cm'), 'data');
  const theirs = at(find(released, 'ConfigMap', 'argocd-cm'), 'data') ?? {};
  expect(data).toEqual({
    ...theirs,
    ...parse(generate(healthCheck)).data,
    'application.resourceTrackingMethod': 'annotation',
    'resource.exclusions': expect.any(String),
  });
});

it('gives the application controller more requests a second, beside its other settings', () => {
  const environmentOf = (list: readonly Json[]) => {
    const set = find(list, 'StatefulSet', 'argocd-application-controller');
    const containers = at(set, 'spec', 'template', 'spec', 'containers');
    const variables = at(Array.isArray(containers) ? containers[0] : undefined, 'env');
    if (!Array.isArray(variables)) throw new Error('the application controller has no environment');
    return new Map(variables.map((variable: unknown) => [stringAt(variable, 'name') ?? '', variable]));
  };
  expect(environmentOf(objects)).toEqual(
    new Map([
      ...environmentOf(released),
      ['ARGOCD_K8S_CLIENT_QPS', { name: 'ARGOCD_K8S_CLIENT_QPS', value: '300' }],
      ['ARGOCD_K8S_CLIENT_BURST', { name: 'ARGOCD_K8S_CLIENT_BURST', value: '600' }],
    ]),
  );
});

it('has health checks that are up to date', async () => {
  const text = await readFile(join(import.meta.dirname, 'argocd-cm.yaml'), 'utf8');
  expect(text).toBe(generate(healthCheck));
});
