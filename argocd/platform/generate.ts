/**
 * `node argocd/platform/generate.ts` writes which providers are installed: what activation-policy.yaml activates says which
 * services that takes. `--check` writes nothing and fails when the files are not so.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { activated } from '../../local/activated.ts';
import { messageOf } from '../../tools/errors.ts';

const ROOT = join(import.meta.dirname, '../..');
const DEPENDENCIES = 'apis/crossplane.yaml';
const PROVIDERS = 'argocd/platform/providers.yaml';
const REGISTRY = 'xpkg.crossplane.io';
const OWNER = 'crossplane-contrib';

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** The provider's services that kinds are of, sorted. */
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

/** A file's text up to the end of its comment, and the one version in it. */
function headOf(file: string, text: string): { head: string; version: string } {
  const head = /^(#.*\n)*/.exec(text)?.[0] ?? '';
  const version = /provider-family-aws:(\S+)/.exec(text)?.[1];
  if (version === undefined) throw new Error(`${file}: no provider-family-aws. Restore it.`);
  return { head, version };
}

/**
 * The texts of the files that list providers, by path, each with the version that it has now.
 *
 * @throws naming what is not found in a file.
 */
export function providerFiles(kinds = activated()): ReadonlyMap<string, string> {
  const services = servicesOf(kinds);
  const dependencies = read(DEPENDENCIES);
  const version = DEPENDENCY.exec(dependencies)?.[1];
  if (version === undefined) throw new Error(`${DEPENDENCIES}: no Provider in dependsOn. Restore it.`);
  const providers = headOf(PROVIDERS, read(PROVIDERS));
  const members = ['provider-family-aws', ...services.map((service) => `provider-aws-${service}`)];
  return new Map([
    [
      DEPENDENCIES,
      dependencies.replace(
        new RegExp(`(${DEPENDENCY.source})+`),
        services.map((service) => dependency(service, version)).join(''),
      ),
    ],
    [PROVIDERS, providers.head + members.map((member) => provider(member, providers.version)).join('---\n')],
  ]);
}

function main(): void {
  for (const [file, text] of providerFiles()) {
    if (read(file) === text) continue;
    if (process.argv.includes('--check'))
      throw new Error(
        `${file} is not what argocd/platform/activation-policy.yaml says. Run make generate and commit it.`,
      );
    writeFileSync(join(ROOT, file), text);
    console.log(`wrote ${file}`);
  }
}

if (import.meta.main) {
  try {
    main();
  } catch (error) {
    console.error(messageOf(error));
    process.exitCode = 1;
  }
}
