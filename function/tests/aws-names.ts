/** Every name that a render gives to something in AWS or in Kubernetes, and what each service takes for one. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { at, type Json, stringAt } from '../src/objects.ts';

const patterns: Record<string, string> = parse(
  readFileSync(join(import.meta.dirname, 'aws-names.yaml'), 'utf8'),
);

/** What a name must match, by kind of managed resource. */
export const LEGAL: Record<string, RegExp> = Object.fromEntries(
  Object.entries(patterns).map(([kind, pattern]) => [kind, new RegExp(pattern)]),
);

/** A DNS subdomain, as names in Kubernetes are. */
export const KUBERNETES_NAME =
  /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

export interface AwsName {
  readonly key: string;
  readonly kind: string;
  readonly name: string;
}

/** The names in AWS of a render's resources; kinds that AWS gives a name itself have none. */
export function awsNames(resources: Record<string, Json>): AwsName[] {
  return Object.entries(resources).flatMap(([key, manifest]) => {
    const external = stringAt(manifest, 'metadata', 'annotations', 'crossplane.io/external-name');
    const name = external ?? at(manifest, 'spec', 'forProvider', 'name');
    return typeof name === 'string' ? [{ key, kind: String(manifest['kind']), name }] : [];
  });
}
