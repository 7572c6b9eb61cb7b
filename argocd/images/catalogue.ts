/** What is pulled: `argocd/images.yaml`, with what the files that it names say. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { at, stringAt } from '../../function/src/objects.ts';
import { readManifests } from '../../tools/yaml.ts';
import { packageOf } from '../manifests.ts';

const ROOT = join(import.meta.dirname, '../..');
const CATALOGUE = 'argocd/images.yaml';
export const INSTALL = join(ROOT, 'argocd/install');

export const USES = ['install', 'gitops', 'package', 'e2e'] as const;
type Use = (typeof USES)[number];
type Means = 'name' | 'ImageConfig' | 'values' | 'chart' | 'kustomize' | 'resource';

/** One thing that is pulled. */
export interface Pull {
  /** What IMAGES calls it. Only packages of several versions share one. */
  readonly name: string;
  readonly about: string;
  readonly for: readonly Use[];
  /** How another one takes its place. */
  readonly by: Means;
  /** Its public name: an image with tag or digest, a chart's repository, or the URL of a manifest. */
  readonly source: string;
  /** Of a chart. */
  readonly chart?: { readonly name: string; readonly version: string };
}

type Entry = Omit<Pull, 'source' | 'chart'> & {
  readonly image?: string;
  readonly packages?: string;
  readonly application?: string;
  readonly kustomization?: string;
};

/** The first value that is there. @throws naming the file that lacks it. */
function needed<T>(file: string, what: string, value: T | undefined): T {
  if (value === undefined) throw new Error(`${file} has no ${what}, which ${CATALOGUE} reads. Restore it.`);
  return value;
}

function chartOf(file: string): Pick<Pull, 'source' | 'chart'> {
  const [application] = readManifests(join(ROOT, file));
  const sources = at(application, 'spec', 'sources');
  const source: unknown = Array.isArray(sources) ? sources.find((one) => stringAt(one, 'chart')) : undefined;
  const text = (field: string) => needed(file, `chart with a ${field}`, stringAt(source, field));
  const url = text('repoURL');
  // Argo CD writes a registry without a scheme.
  const repository = url.includes('://') ? url : `oci://${url}`;
  return { source: repository, chart: { name: text('chart'), version: text('targetRevision') } };
}

/** The released manifest, which a fork may have as a file. */
function releaseOf(file: string): string {
  const resources = at(parse(readFileSync(join(ROOT, file), 'utf8')), 'resources');
  const all = Array.isArray(resources) ? resources.map(String) : [];
  return needed(
    file,
    'resource besides namespace.yaml',
    all.find((one) => one !== 'namespace.yaml'),
  );
}

function pullsOf({ image, packages, application, kustomization, ...about }: Entry): Pull[] {
  if (application !== undefined) return [{ ...about, ...chartOf(application) }];
  if (kustomization !== undefined) return [{ ...about, source: releaseOf(kustomization) }];
  if (packages === undefined)
    return [{ ...about, source: needed(CATALOGUE, `image for ${about.name}`, image) }];
  return readManifests(join(ROOT, packages))
    .filter((object) => stringAt(object, 'spec', 'package'))
    .map(packageOf)
    .map((source) => ({ ...about, name: source.replace(/^.*\/|:[^/]*$/g, ''), source }));
}

/**
 * All that an installation, a build of the packages or an end-to-end run on kind pulls.
 *
 * @throws naming the file that does not have what the list reads in it
 */
export function catalogue(): Pull[] {
  const entries: readonly Entry[] = parse(readFileSync(join(ROOT, CATALOGUE), 'utf8'));
  return entries.flatMap(pullsOf);
}
