/** A fleet in git: folders like `argocd/environments/dev`, each with claims of its own, and the ApplicationSet over them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { patched } from '../../apis/refusals/refusal.ts';
import { at, type Json } from '../../function/src/objects.ts';
import type { KubeObject } from '../../tools/cluster.ts';
import type { Repository } from '../../tools/repository.ts';
import { manifestsOf, manifestText } from '../../tools/yaml.ts';
import type { Layout } from './options.ts';
import type { Setting } from './settings.ts';

const ARGOCD = join(import.meta.dirname, '../../argocd');
const FOLDER = 'argocd/environments';
const PROJECT = 'fileingest-dev';
export const FLEET = 'fleet';

const numbered = (prefix: string, index: number) => `${prefix}-${String(index).padStart(4, '0')}`;
/** The folder, and the end of the Application's and the namespace's name, of a part of the fleet. */
const partName = (index: number) => numbered(FLEET, index);
export const applicationName = (index: number) => `fileingest-${partName(index)}`;
const claimName = (index: number) => numbered('pipeline', index);

/** The smallest claim that has 22 resources, with a tag that a change is told by. */
function claim(index: number, change: string): string {
  return manifestText({
    apiVersion: 'fileingest.dev/v1alpha1',
    kind: 'FileIngestPipeline',
    metadata: { name: claimName(index) },
    spec: { tags: { change }, source: { prefix: 'incoming/' }, workflow: { type: 'RecordFile' } },
  });
}

function yamlOf(folder: string): [string, string][] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => [file, readFileSync(join(folder, file), 'utf8')]);
}

/** Writes all folders of a layout: the overlay of dev around the layout's claims. Nothing is committed. */
export function writeFleet(repository: Repository, { applications, claims }: Layout): void {
  for (const [file, text] of yamlOf(join(ARGOCD, 'environments/base')))
    repository.write(`${FOLDER}/base/${file}`, text);
  const dev = yamlOf(join(ARGOCD, 'environments/dev')).filter(([file]) => !file.startsWith('claims/'));
  for (let part = 0; part < applications; part += 1) {
    const folder = `${FOLDER}/${partName(part)}`;
    for (const [file, text] of dev)
      repository.write(`${folder}/${file}`, text.replaceAll('fileingest-dev', applicationName(part)));
    const names = Array.from({ length: claims }, (_, index) => index);
    for (const index of names)
      repository.write(`${folder}/claims/${claimName(index)}.yaml`, claim(index, 'none'));
    const resources = names.map((index) => `${claimName(index)}.yaml`);
    repository.write(
      `${folder}/claims/kustomization.yaml`,
      manifestText({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources }),
    );
  }
}

/** Changes one claim of a part, the last one. */
export function changeClaim(repository: Repository, part: number, { claims }: Layout, change: string): void {
  repository.write(
    `${FOLDER}/${partName(part)}/claims/${claimName(claims - 1)}.yaml`,
    claim(claims - 1, change),
  );
}

/** Changes each claim of all parts, by the overlay that they share. */
export function changeAll(repository: Repository, change: string): void {
  const file = 'environments/base/every-claim.yaml';
  const base: Json = parse(readFileSync(join(ARGOCD, file), 'utf8'));
  repository.write(`argocd/${file}`, manifestText(patched(base, { spec: { tags: { all: change } } })));
}

/** dev's AppProject and its Namespace. */
const projectObjects = () => manifestsOf(readFileSync(join(ARGOCD, 'projects/dev.yaml'), 'utf8'));

/** The Namespaces of a layout, which the platform makes and not an environment. */
export function namespacesOf({ applications }: Layout): KubeObject[] {
  const own = projectObjects().filter(({ kind }) => kind === 'Namespace');
  return Array.from({ length: applications }, (_, part) =>
    own.map((namespace) => ({
      ...namespace,
      metadata: { ...namespace.metadata, name: applicationName(part) },
    })),
  ).flat();
}

/** dev's AppProject, for all namespaces of the fleet. */
export function projectOf(repoURL: string, { orphans }: Setting): KubeObject {
  const project = projectObjects().find(({ kind }) => kind === 'AppProject');
  if (project === undefined) throw new Error('argocd/projects/dev.yaml has no AppProject');
  const spec = {
    sourceRepos: [repoURL],
    destinations: [{ name: 'in-cluster', namespace: 'fileingest-*' }],
    roles: null,
    ...(orphans === false && { orphanedResources: null }),
  };
  return { ...project, ...patched(project, { spec }) };
}

/** The ApplicationSet: an Application for each folder, synced as the environments are. */
export function applicationSetOf(repoURL: string, { syncOptions = [] }: Setting): KubeObject {
  const set: unknown = parse(readFileSync(join(ARGOCD, 'applicationset.yaml'), 'utf8'));
  const policy = at(set, 'spec', 'template', 'spec', 'syncPolicy');
  const optionName = (option: unknown) => String(option).split('=')[0];
  const given = new Set(syncOptions.map(optionName));
  const usual = [at(policy, 'syncOptions') ?? []].flat().filter((option) => !given.has(optionName(option)));
  const annotations = at(set, 'spec', 'template', 'metadata', 'annotations');
  const source = { repoURL, targetRevision: 'main' };
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'ApplicationSet',
    metadata: { name: FLEET, namespace: 'argocd' },
    spec: {
      goTemplate: true,
      generators: [{ git: { repoURL, revision: 'main', directories: [{ path: `${FOLDER}/${FLEET}-*` }] } }],
      template: {
        metadata: { name: 'fileingest-{{ .path.basename }}', annotations },
        spec: {
          project: PROJECT,
          source: { ...source, path: '{{ .path.path }}' },
          destination: { name: 'in-cluster', namespace: 'fileingest-{{ .path.basename }}' },
          syncPolicy: {
            ...Object(policy),
            syncOptions: [...usual, ...syncOptions],
            automated: { prune: true, selfHeal: true },
          },
        },
      },
    },
  };
}
