/** Our packages on kind: where pulls of them lead, and how they are built, pushed and installed. */
import { readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { imageConfigOf, imageConfigs } from '../../../argocd/images/means.ts';
import type { Placed } from '../../../argocd/images/settings.ts';
import { packageOf, platformObjects, tagged } from '../../../argocd/manifests.ts';
import type { Json } from '../../../function/src/objects.ts';
import type { FunctionRelease } from '../../substrate.ts';
import { BUILD, type Ours, ourObject, pathOf, withSpec } from '../packages.ts';
import { baseArguments } from './bases.ts';
import { buildWords, buildxVersion, docker } from './containers.ts';
import type { KindCluster } from './kind-cluster.ts';
import { apply, kubectl, waitFor } from './kubernetes.ts';
import { LABEL, type Names, REGISTRY_HOST, REGISTRY_PORT, ROOT } from './names.ts';
import { type Command, printed, succeeds } from './run.ts';

/** What leads pulls of our packages to the substrate's registry. */
export const ourImageConfigs = (): Json[] =>
  (['function', 'configuration'] as const).map(ourObject).map((object) => {
    const repository = packageOf(object).replace(/:[^/:]*$/, '');
    const here = `${REGISTRY_HOST}:${REGISTRY_PORT}/${pathOf(repository)}`;
    return imageConfigOf(`e2e-${object.metadata.name}`, repository, here);
  });

/** What leads pulls of all packages to where they are: ours to the substrate's registry, the others to a mirror if there is one. */
export const allImageConfigs = (images: readonly Placed[]): Json[] => [
  ...ourImageConfigs(),
  ...imageConfigs(images),
];

/** Builds a package of ours and pushes it. Resolves to the image that it is pulled by. */
async function publish(
  { names, started, ports }: KindCluster,
  name: Ours,
  version: string,
  build: (options: { crossplane: string; version: string; outFile: string }) => Promise<void>,
): Promise<string> {
  const { run, tools } = started();
  const object = ourObject(name);
  const image = tagged(packageOf(object), version);
  const outFile = join(names.folder, `${object.metadata.name}-${version}.xpkg`);
  await mkdir(names.folder, { recursive: true });
  await build({ crossplane: tools.crossplane, version, outFile });
  // Loopback names are spoken to in plain HTTP without further ado.
  const target = `127.0.0.1:${ports().registry}/${pathOf(image)}`;
  await run({ program: 'crossplane', args: ['xpkg', 'push', '--package-files', outFile, target] });
  return image;
}

/** Builds the function's image and package and pushes it. */
export function publishFunction(cluster: KindCluster, release: FunctionRelease): Promise<string> {
  const { run, images } = cluster.started();
  return publish(cluster, 'function', release.version, async (options) => {
    const tag = `fileingest-e2e/function:${release.version}`;
    const tarball = `${options.outFile}.tar`;
    await run(buildImage(cluster.names, tag, release, await succeeds(run, buildxVersion), images));
    await run(docker('save', '--output', tarball, tag));
    await BUILD.function({ ...options, image: { tarball } });
    await rm(tarball, { force: true });
  });
}

/** Builds the Configuration's package and pushes it. */
export const publishConfiguration = (cluster: KindCluster, version: string): Promise<string> =>
  publish(cluster, 'configuration', version, BUILD.configuration);

/** Installs a package of ours that is in the registry. Resolves when what it brings runs. */
export async function install({ names, started }: KindCluster, name: Ours, image: string): Promise<void> {
  const { run } = started();
  const { kind, metadata } = ourObject(name);
  // A function's settings have its name. There may be older versions beside it.
  const objects = platformObjects(`${name}.yaml`).filter((one) => one.metadata.name === metadata.name);
  await run(
    apply(
      names,
      objects.map((one) => (one.kind === kind ? withSpec(one, { package: image }) : one)),
    ),
  );
  const resource = `${name}.pkg.crossplane.io/${metadata.name}`;
  // Before Crossplane has looked at this version of the package, its conditions speak of the one before.
  await run(waitFor(names, [resource], `jsonpath={.status.currentIdentifier}=${image}`));
  const asked = kubectl(names, 'get', resource, '--output', 'jsonpath={.status.currentRevision}');
  const revision = `${name}revision.pkg.crossplane.io/${(await printed(run, asked)).trim()}`;
  await run(waitFor(names, [revision], 'condition=RevisionHealthy'));
  // A function's runtime is healthy once its deployment is available: each replica answers its probe.
  if (name === 'function') await run(waitFor(names, [revision], 'condition=RuntimeHealthy'));
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

/** The image of a release. The Dockerfile is given on standard input; the release's folder is the context. */
function buildImage(
  names: Names,
  tag: string,
  { version, folder }: FunctionRelease,
  buildx: boolean,
  images: readonly Placed[],
): Command {
  const input = releaseDockerfile(readFileSync(join(ROOT, 'function/Dockerfile'), 'utf8'));
  const options = [
    '--label',
    `${LABEL}=${names.cluster}`,
    '--build-arg',
    `VERSION=${version}`,
    ...baseArguments(images, input),
  ];
  return { ...docker(...buildWords(buildx), '--tag', tag, ...options, '--file', '-', folder), input };
}
