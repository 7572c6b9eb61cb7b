/** Builds our packages and puts them into the substrate's registry. */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Json } from '../../../function/src/objects.ts';
import type { FunctionRelease } from '../../substrate.ts';
import { buildxVersion } from './containers.ts';
import type { KindCluster } from './kind-cluster.ts';
import { ROOT } from './names.ts';
import * as packages from './packages.ts';
import { succeeds } from './run.ts';

/** A package that is in the registry. */
export interface Published {
  readonly one: packages.Package;
  readonly version: string;
  /** The objects of its file in `argocd/platform`, as they are there. */
  readonly objects: Json[];
}

async function publish(
  kind: packages.Package['kind'],
  version: string,
  { names, started, ports, objects: objectsOf }: KindCluster,
  build: (outFile: string) => Promise<void>,
): Promise<Published> {
  const { run } = started();
  const objects = await objectsOf(`${kind.toLowerCase()}.yaml`);
  const one = packages.packageIn(objects, kind);
  const outFile = join(names.folder, `${one.name}-${version}.xpkg`);
  await mkdir(names.folder, { recursive: true });
  await build(outFile);
  await run(packages.push(one, version, outFile, ports().registry));
  return { one, version, objects };
}

/** Builds the function's image and package and pushes it. */
export async function publishFunction(cluster: KindCluster, release: FunctionRelease): Promise<Published> {
  const { run, tools } = cluster.started();
  const { version } = release;
  return publish('Function', version, cluster, async (outFile) => {
    const image = `fileingest-e2e/function:${version}`;
    const tarball = `${outFile}.tar`;
    const dockerfile = await readFile(join(ROOT, 'function/Dockerfile'), 'utf8');
    const buildx = await succeeds(run, buildxVersion());
    await run(packages.buildImage(image, release, dockerfile, buildx));
    await run(packages.saveImage(image, tarball));
    const { crossplane } = tools;
    await cluster.on.buildFunctionPackage({ crossplane, version, outFile, image: { tarball } });
    await rm(tarball, { force: true });
  });
}

/** Builds the Configuration's package and pushes it. */
export async function publishConfiguration(cluster: KindCluster, version: string): Promise<Published> {
  const { crossplane } = cluster.started().tools;
  return publish('Configuration', version, cluster, (outFile) =>
    cluster.on.buildConfigurationPackage({ crossplane, version, outFile }),
  );
}
