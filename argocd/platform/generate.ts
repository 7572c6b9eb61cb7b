/**
 * `node argocd/platform/generate.ts` writes the lists of provider packages: one for each service that activation-policy.yaml activates a
 * kind of. `--check` writes nothing and fails when the files are out of date.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { activated } from '../../local/activated.ts';
import { writeGenerated } from '../../tools/generated.ts';

const ROOT = join(import.meta.dirname, '../..');
const DEPENDENCIES = 'apis/crossplane.yaml';
const PROVIDERS = 'argocd/platform/providers.yaml';
const REGISTRY = 'xpkg.crossplane.io';
const OWNER = 'crossplane-contrib';

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** The services of the provider that have these kinds, sorted. */
const servicesOf = (kinds: readonly string[]): string[] =>
  [...new Set(kinds.map((name) => name.split('.')[1] ?? ''))].sort();

const dependency = (service: string, version: string) => `\
    - apiVersion: pkg.crossplane.io/v1
      kind: Provider
      package: ${REGISTRY}/${OWNER}/provider-aws-${service}
      version: ${version}
`;

const provider = (name: string, version: string) => `\
apiVersion: pkg.crossplane.io/v1
kind: Provider
metadata:
  name: ${OWNER}-${name}
  annotations:
    # Pipelines depend on it.
    argocd.argoproj.io/sync-options: Prune=false,Delete=false
spec:
  package: ${REGISTRY}/${OWNER}/${name}:${version}
  runtimeConfigRef:
    apiVersion: pkg.crossplane.io/v1beta1
    kind: DeploymentRuntimeConfig
    name: provider-aws
`;

const DEPENDENCY = / {4}- apiVersion: \S+\n {6}kind: Provider\n {6}package: \S+\n {6}version: (\S+)\n/;

/** The part of a file that a pattern finds. */
function found(file: string, text: string, pattern: RegExp, what: string): string {
  const [, part] = pattern.exec(text) ?? [];
  if (part === undefined) throw new Error(`${file}: no ${what}. Restore it.`);
  return part;
}

/**
 * The texts of the files that list providers, by path, each with the version that it has now.
 *
 * @throws naming what is not found in a file.
 */
export function providerFiles(kinds = activated()): ReadonlyMap<string, string> {
  const services = servicesOf(kinds);
  const dependencies = read(DEPENDENCIES);
  const version = found(DEPENDENCIES, dependencies, DEPENDENCY, 'Provider in dependsOn');
  const depends = services.map((service) => dependency(service, version)).join('');
  const providers = read(PROVIDERS);
  const comment = found(PROVIDERS, providers, /^((?:#.*\n)*)/, 'comment');
  const installed = found(PROVIDERS, providers, /provider-family-aws:(\S+)/, 'provider-family-aws');
  const members = ['provider-family-aws', ...services.map((service) => `provider-aws-${service}`)];
  return new Map([
    [DEPENDENCIES, dependencies.replace(new RegExp(`(${DEPENDENCY.source})+`), depends)],
    [PROVIDERS, comment + members.map((member) => provider(member, installed)).join('---\n')],
  ]);
}

if (import.meta.main) {
  const source = 'argocd/platform/activation-policy.yaml';
  writeGenerated([...providerFiles()].map(([file, text]) => ({ file, text, source })));
}
