/** Our packages: what they are called where, and how their images are built and pushed. Pure. */
import { type Json, stringAt } from '../../../function/src/objects.ts';
import { objectsOf as objectsIn } from '../../../tools/yaml.ts';
import type { FunctionRelease } from '../../substrate.ts';
import { imageConfigOf, pathOf, withSpec } from '../packages.ts';
import { buildWords } from './containers.ts';
import { kubectl, waitFor } from './kubernetes.ts';
import { type Names, REGISTRY_HOST, REGISTRY_PORT } from './names.ts';
import type { Command } from './run.ts';

/**
 * The objects of a file of `argocd/platform`.
 *
 * @param file - its name, for messages.
 */
export function objectsOf(file: string, text: string): Json[] {
  const objects = objectsIn(text, file);
  if (objects.length === 0) throw new Error(`${file} holds no object`);
  return objects;
}

/** A package object of a file: its name, and where it comes from, without a version. */
export interface Package {
  readonly kind: 'Function' | 'Configuration';
  readonly name: string;
  /** Such as `xpkg.example.org/fileingest/function-fileingest`. */
  readonly repository: string;
}

/** @throws when the objects have no package of that kind, or it names no registry. */
export function packageIn(objects: readonly Json[], kind: Package['kind']): Package {
  const found = objects.find(
    (object) => object['kind'] === kind && stringAt(object, 'apiVersion')?.startsWith('pkg.crossplane.io/'),
  );
  const name = stringAt(found, 'metadata', 'name');
  const repository = /^([^/]+\.[^/]+(?:\/[^/:@]+)+)[:@]/.exec(stringAt(found, 'spec', 'package') ?? '')?.[1];
  if (name === undefined || repository === undefined)
    throw new Error(`no ${kind} with a name and a spec.package such as example.org/team/name:v1.0.0`);
  return { kind, name, repository };
}

/** Leads pulls of a package to the substrate's registry. */
export const imageConfig = ({ name, repository }: Package): Json =>
  imageConfigOf(`e2e-${name}`, repository, `${REGISTRY_HOST}:${REGISTRY_PORT}/${pathOf(repository)}`);

/** The objects of a package's file, with the package at a version. */
export function atVersion(objects: readonly Json[], one: Package, version: string): Json[] {
  const fields = { package: `${one.repository}:${version}` };
  return objects.map((object) => (object['kind'] === one.kind ? withSpec(object, fields) : object));
}

/** Loopback names are spoken to in plain HTTP without further ado. */
export const push = (one: Package, version: string, file: string, port: number): Command => ({
  program: 'crossplane',
  args: ['xpkg', 'push', '--package-files', file, `127.0.0.1:${port}/${pathOf(one.repository)}:${version}`],
});

const resourceOf = (one: Package): string => `${one.kind.toLowerCase()}.pkg.crossplane.io/${one.name}`;

/** Until Crossplane has looked at this version of the package: before that its conditions speak of the one before. */
export const waitForVersion = (names: Names, one: Package, version: string): Command =>
  waitFor(
    names,
    [resourceOf(one)],
    `jsonpath={.status.currentIdentifier}=${one.repository}:${version}`,
    '3m',
  );

export const currentRevision = (names: Names, one: Package): Command =>
  kubectl(names, 'get', resourceOf(one), '--output', 'jsonpath={.status.currentRevision}');

/** A function's runtime is healthy once its deployment is available: each replica answers its probe. */
export function waitForRevision(names: Names, one: Package, revision: string): Command[] {
  const resource = `${one.kind.toLowerCase()}revision.pkg.crossplane.io/${revision}`;
  const conditions = one.kind === 'Function' ? ['RevisionHealthy', 'RuntimeHealthy'] : ['RevisionHealthy'];
  return conditions.map((condition) => waitFor(names, [resource], `condition=${condition}`, '5m'));
}

const COPY = 'COPY --from=build /build/dist/function /function';

/**
 * The Dockerfile of the function's image for a release that is built already: the stages that build it are left out, and
 * its folder is the context.
 *
 * @param dockerfile - text of `function/Dockerfile`.
 * @throws when it is not of the form that is known here.
 */
export function releaseDockerfile(dockerfile: string): string {
  const build = /^FROM [^\n]* AS build\n(?:(?!FROM ).*\n)*/m;
  const licences = /^COPY LICENSE .*\n/m;
  if (!build.test(dockerfile) || !licences.test(dockerfile) || !dockerfile.includes(`\n${COPY}\n`))
    throw new Error(
      `function/Dockerfile has no stage "build", no "${COPY}" or no COPY of LICENSE: mend releaseDockerfile in e2e/substrates/kind/packages.ts`,
    );
  return dockerfile.replace(build, '').replace(licences, '').replace(COPY, 'COPY . /function');
}

/**
 * The image of a release. The Dockerfile is given on standard input; the release's folder is the context.
 *
 * @param dockerfile - text of `function/Dockerfile`.
 */
export function buildImage(
  tag: string,
  { version, folder }: FunctionRelease,
  dockerfile: string,
  buildx: boolean,
): Command {
  const args = [
    ...buildWords(buildx),
    '--tag',
    tag,
    '--build-arg',
    `VERSION=${version}`,
    '--file',
    '-',
    folder,
  ];
  return { program: 'docker', args, input: releaseDockerfile(dockerfile) };
}

export const saveImage = (tag: string, file: string): Command => ({
  program: 'docker',
  args: ['save', '--output', file, tag],
});
