/** How another image takes the place of a public one, where it is not simply pulled by the other name. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Json } from '../../function/src/objects.ts';
import { INSTALL } from './catalogue.ts';
import { parseReference } from './reference.ts';
import { imageOf, type Placed } from './settings.ts';

const isReplaced = ({ setBy }: Placed) => setBy !== undefined;
const repositoryOf = (name: string) => parseReference(name)?.repository ?? name;
const ownerOf = (name: string) => name.replace(/[^/]*$/, '');

/**
 * What leads pulls of packages with one beginning to another registry, so that manifests, revisions and dependencies keep the
 * public name: https://docs.crossplane.io/latest/packages/image-configs/
 */
export const imageConfigOf = (name: string, from: string, to: string) => ({
  apiVersion: 'pkg.crossplane.io/v1beta1',
  kind: 'ImageConfig',
  metadata: { name },
  spec: { matchImages: [{ type: 'Prefix', prefix: from }], rewriteImage: { prefix: to } },
});

/**
 * The ImageConfigs for packages that come from elsewhere: one for each owner in a mirror, and one for each package that IMAGES
 * names. Of several that match, Crossplane takes the one with the longest prefix.
 */
export function imageConfigs(images: readonly Placed[]): Json[] {
  const configs = new Map<string, Json>();
  for (const { name, by, source, target, setBy } of images) {
    if (by !== 'ImageConfig' || setBy === undefined) continue;
    const partOf = setBy === 'IMAGE_MIRROR' ? ownerOf : repositoryOf;
    const from = partOf(source);
    const config = setBy === 'IMAGE_MIRROR' ? `mirror-${from.split('/').at(-2)}` : `mirror-${name}`;
    configs.set(from, imageConfigOf(config, from, partOf(target)));
  }
  return [...configs.values()];
}

/** Values of Crossplane's chart for another image; undefined for the public one. */
export function crossplaneValues(images: readonly Placed[]): { readonly image: Json } | undefined {
  const crossplane = imageOf(images, 'crossplane');
  // The chart would add a tag to the repository.
  return isReplaced(crossplane) ? { image: { repository: crossplane.target, ignoreTag: true } } : undefined;
}

/** An entry of `images` in a kustomization: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/ */
function kustomizeImage({ source, target }: Placed): Json {
  const { repository, tag, digest } = parseReference(target) ?? { repository: target };
  return { name: repositoryOf(source), newName: repository, ...(digest ? { digest } : { newTag: tag }) };
}

/**
 * `argocd/install/kustomization.yaml` with Argo CD's manifest and images from elsewhere; undefined where both are public.
 *
 * @param manifest - what stands for the released manifest: a URL, or a path from the kustomization's folder
 */
export function argocdKustomization(
  images: readonly Placed[],
  manifest = imageOf(images, 'argocd-manifests').target,
): Json | undefined {
  const ours = images.filter(({ by }) => by === 'kustomize' || by === 'resource');
  if (!ours.some(isReplaced)) return undefined;
  const kustomization: Json & { resources: string[] } = parse(
    readFileSync(join(INSTALL, 'kustomization.yaml'), 'utf8'),
  );
  const { source } = imageOf(images, 'argocd-manifests');
  return {
    ...kustomization,
    resources: kustomization.resources.map((resource) => (resource === source ? manifest : resource)),
    images: ours.filter((image) => image.by === 'kustomize' && isReplaced(image)).map(kustomizeImage),
  };
}
