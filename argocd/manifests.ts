/** Reads the manifests that a platform team installs. Both substrates install them too. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { at, stringAt } from '../function/src/objects.ts';
import type { Kind, KubeObject } from '../tools/cluster.ts';
import { readManifests } from '../tools/yaml.ts';

const PLATFORM = join(import.meta.dirname, './platform');

/** The objects of a file in `argocd/platform`. */
export const platformObjects = (file: string): KubeObject[] => readManifests(join(PLATFORM, file));

/** The object of a kind in a file of `argocd/platform`. */
export function platformObject(file: string, { kind }: Kind): KubeObject {
  const found = platformObjects(file).find((object) => object.kind === kind);
  if (found === undefined) throw new Error(`argocd/platform/${file} has no ${kind}`);
  return found;
}

/** The arguments of Crossplane from our install guide. */
export function guideArgs(): string[] {
  const values: unknown = parse(readFileSync(join(PLATFORM, 'crossplane-values.yaml'), 'utf8'));
  const args = at(values, 'args');
  if (!Array.isArray(args)) throw new Error('argocd/platform/crossplane-values.yaml has no list `args`');
  return args.map(String);
}

/** The image of a package object, such as `xpkg.upbound.io/upbound/provider-aws-s3:v2.5.0`. */
export function packageOf(object: KubeObject): string {
  const image = stringAt(object, 'spec', 'package');
  if (image === undefined) throw new Error(`${object.kind} ${object.metadata.name} has no spec.package`);
  return image;
}

/** An image with another tag. */
export const tagged = (image: string, tag: string) => `${image.replace(/:[^/:]*$/, '')}:${tag}`;
