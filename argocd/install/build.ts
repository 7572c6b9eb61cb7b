/** Builds the objects that `kubectl apply -k argocd/install` applies, without network access. */
import { copyFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeObject } from '../../tools/cluster.ts';
import { runCommand } from '../../tools/command.ts';
import { manifestsOf } from '../../tools/yaml.ts';

const FILES = [
  'kustomization.yaml',
  'namespace.yaml',
  'argocd-cm.yaml',
  'settings.yaml',
  'application-controller.yaml',
];

/** The URL of the released manifest in `kustomization.yaml`. The first group is its version. */
export const RELEASE =
  /https:\/\/raw\.githubusercontent\.com\/argoproj\/argo-cd\/(v[0-9.]+)\/manifests\/install\.yaml/;

/**
 * The objects of the installation, with the release's manifest from Argo CD's Go module instead of its URL.
 *
 * @param argocdModuleFolder - the folder of the Go module of the same version
 * @param kustomizeBinary - the path of kustomize
 * @throws Error with the output of kustomize, or when `kustomization.yaml` has no URL of the release's manifest
 */
export async function installManifests(
  argocdModuleFolder: string,
  kustomizeBinary: string,
): Promise<KubeObject[]> {
  const folder = await mkdtemp(join(tmpdir(), 'fileingest-argocd-'));
  try {
    for (const file of FILES) await cp(join(import.meta.dirname, file), join(folder, file));
    const kustomization = join(folder, 'kustomization.yaml');
    const text = await readFile(kustomization, 'utf8');
    if (!RELEASE.test(text)) {
      throw new Error(
        `argocd/install/kustomization.yaml names no released manifest. Give it as a resource like ${RELEASE.source}`,
      );
    }
    await copyFile(join(argocdModuleFolder, 'manifests/install.yaml'), join(folder, 'release.yaml'));
    await writeFile(kustomization, text.replace(RELEASE, 'release.yaml'));
    const yaml = await runCommand(kustomizeBinary, ['build', folder]);
    return manifestsOf(yaml);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
