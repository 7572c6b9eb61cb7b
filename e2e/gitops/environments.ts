/** The environments of `argocd/environments`, as the scenarios use them. */

import { parse } from 'yaml';
import { findKustomize } from '../../argocd/promote/kustomize.ts';
import { readOptions } from '../../argocd/promote/options.ts';
import { promote } from '../../argocd/promote.ts';
import type { KubeObject } from '../../tools/cluster.ts';
import type { Repository } from '../../tools/repository.ts';
import { manifestText } from '../../tools/yaml.ts';
import { edit } from './fork.ts';

export interface Environment {
  readonly name: 'dev' | 'staging' | 'prod';
  readonly namespace: string;
  /** Its Application. */
  readonly application: string;
}

export const environment = (name: Environment['name']): Environment => ({
  name,
  namespace: `fileingest-${name}`,
  application: `fileingest-${name}`,
});

export const ALL: readonly Environment[] = (['dev', 'staging', 'prod'] as const).map(environment);

export const folderOf = (name: string) => `argocd/environments/${name}`;
const claimsOf = (name: string) => `${folderOf(name)}/claims`;

function changeList(repository: Repository, name: string, change: (files: string[]) => string[]): void {
  edit(repository, `${claimsOf(name)}/kustomization.yaml`, (text) => {
    const list = Object(parse(text));
    const files: unknown[] = [list['resources'] ?? []].flat();
    return manifestText({ ...list, resources: change(files.map(String)) });
  });
}

/** Adds a claim to an environment, or changes the one of its name. */
export function putClaim(repository: Repository, name: string, claim: KubeObject): void {
  const file = `${claim.metadata.name}.yaml`;
  repository.write(`${claimsOf(name)}/${file}`, manifestText(claim));
  changeList(repository, name, (files) => [...new Set([...files, file])].sort());
}

/** Removes a claim from an environment. */
export function dropClaim(repository: Repository, name: string, claim: string): void {
  repository.remove(`${claimsOf(name)}/${claim}.yaml`);
  changeList(repository, name, (files) => files.filter((file) => file !== `${claim}.yaml`));
}

/** A claim of an environment's folder: without namespace and region, which the environment gives it. */
export function bareClaim(name: string, spec: Record<string, unknown> = {}): KubeObject {
  return {
    apiVersion: 'fileingest.dev/v1alpha1',
    kind: 'FileIngestPipeline',
    metadata: { name },
    spec: { source: { prefix: 'in/' }, workflow: { type: 'RecordFile', execution: 'Direct' }, ...spec },
  };
}

/** `make promote FROM=… TO=…` in the repository's working copy, as teams use it. Nothing is committed. */
export async function carry({ work }: Repository, from: string, to: string): Promise<void> {
  const options = readOptions({ FROM: from, TO: to }, []);
  await promote(options, {
    ...{ root: work, kustomize: await findKustomize(), colour: false },
    say: () => undefined,
  });
}
