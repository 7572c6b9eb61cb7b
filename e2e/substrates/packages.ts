/** Package objects, as both substrates change them. */
import { platformObject } from '../../argocd/manifests.ts';
import { buildConfigurationPackage, buildFunctionPackage } from '../../function/package.ts';
import { isObject, type Json } from '../../function/src/objects.ts';
import type { KubeObject } from '../../tools/cluster.ts';
import { CONFIGURATION, FUNCTION } from '../../tools/kinds.ts';

/** The packages of ours, by the names of their files in `argocd/platform`. */
const OURS = { function: FUNCTION, configuration: CONFIGURATION } as const;
export type Ours = keyof typeof OURS;

/** What builds the package file of each. */
export const BUILD = { function: buildFunctionPackage, configuration: buildConfigurationPackage } as const;

/** The package object of ours that `argocd/platform` installs; of several versions the first, which is the newest. */
export const ourObject = (name: Ours): KubeObject => platformObject(`${name}.yaml`, OURS[name]);

/** An image's path without its registry's host: `upbound/provider-aws-s3` of `xpkg.upbound.io/upbound/provider-aws-s3`. */
export const pathOf = (image: string) => image.slice(image.indexOf('/') + 1);

/** An object whose spec says these fields otherwise; those that are undefined go. */
export function withSpec<T extends Json>(object: T, fields: Json): T & { spec: Json } {
  const spec = { ...(isObject(object['spec']) ? object['spec'] : {}), ...fields };
  const kept = Object.entries(spec).filter(([, value]) => value !== undefined);
  return { ...object, spec: Object.fromEntries(kept) };
}
