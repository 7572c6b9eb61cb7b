/**
 * A platform team's fork: `argocd/` as it is here, with what its own surroundings ask for. The edits are those that
 * docs/gitops.md tells a team to make, and those that lead to a registry or chart of this machine.
 */

import { cpSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { isObject } from '../../function/src/objects.ts';
import type { Repository } from '../../tools/repository.ts';
import { manifestText } from '../../tools/yaml.ts';
import type { Surroundings } from './substrate.ts';

const ROOT = join(import.meta.dirname, '../..');
const CHARTS = 'https://charts.crossplane.io/stable';
const PROVIDERS = 'argocd/platform/providers.yaml';
const VALUES = 'argocd/platform/crossplane-values.yaml';

/** Changes a file of the working copy. */
export function edit(repository: Repository, file: string, change: (text: string) => string): void {
  const path = join(repository.work, file);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}

/** Replaces in a file what must be there. */
function replace(repository: Repository, file: string, from: string | RegExp, to: string): void {
  edit(repository, file, (text) => {
    if (text.search(from) < 0)
      throw new Error(`${file} has no ${from}, which a fork changes: mend e2e/gitops/fork.ts`);
    return text.replaceAll(from, to);
  });
}

/** When Argo CD may sync prod by itself. */
export interface Window {
  /** Cron, in UTC. */
  readonly schedule: string;
  readonly duration: string;
}

export const ALWAYS: Window = { schedule: '0 0 * * *', duration: '24h' };
const PROD = 'argocd/projects/prod.yaml';

export function setWindow(repository: Repository, { schedule, duration }: Window): void {
  replace(repository, PROD, /schedule: .*/g, `schedule: '${schedule}'`);
  replace(repository, PROD, /duration: .*/g, `duration: ${duration}`);
}

/** Fills a repository's working copy; nothing is committed. */
export function fillFork(repository: Repository, surroundings: Surroundings): void {
  const { repoURL, charts, providerVersion, crossplaneValues, awsEndpoint } = surroundings;
  // Tools and tests are no manifests.
  const filter = (path: string) => !path.endsWith('.ts');
  cpSync(join(ROOT, 'argocd'), join(repository.work, 'argocd'), { recursive: true, filter });
  // The root's URL is the only one that a fork changes: the kustomization copies it into all others.
  replace(repository, 'argocd/root.yaml', /repoURL: .*/g, `repoURL: ${repoURL}`);
  const application = 'argocd/platform/applications/provider-config.yaml';
  replace(repository, application, 'pod-identity.yaml', 'emulator.yaml');
  const emulator = 'argocd/platform/provider-config/emulator.yaml';
  replace(repository, emulator, /static: http\S*/g, `static: ${awsEndpoint}`);
  // Whatever the hour is when this runs: `window` shuts it again.
  setWindow(repository, ALWAYS);
  // The version that dev follows is read from here by the tool that promotes.
  cpSync(join(ROOT, 'compositions'), join(repository.work, 'compositions'), { recursive: true });
  if (charts !== undefined)
    for (const file of globSync('argocd/**/*.yaml', { cwd: repository.work }))
      edit(repository, file, (text) => text.replaceAll(CHARTS, charts));
  if (providerVersion !== undefined)
    replace(repository, PROVIDERS, /(package: \S+):v\S+/g, `$1:${providerVersion}`);
  if (crossplaneValues !== undefined)
    edit(repository, VALUES, (text) => {
      const values: unknown = parse(text);
      return manifestText({ ...(isObject(values) ? values : {}), ...crossplaneValues });
    });
}
