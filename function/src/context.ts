/** What resource modules and workflows are given: the claim, its names, and what was observed. */
import type { Catalogue } from './catalogue.ts';
import type { Arns, Identity, Names } from './names.ts';
import type { Observed } from './objects.ts';
import type { Ownership } from './ownership.ts';
import type { Platform } from './platform.ts';
import type { Spec } from './spec.ts';

export interface Context {
  readonly identity: Identity;
  readonly spec: Spec;
  readonly platform: Platform;
  readonly names: Names;
  /** Known when an observed resource has an ARN that contains the account. */
  readonly arns: Arns | undefined;
  readonly tags: Record<string, string>;
  /** The ownership of the resources that the claim names, by composition resource name. */
  readonly ownership: Readonly<Record<string, Ownership>>;
  readonly permissionsBoundary: string | undefined;
  readonly catalogue: Catalogue;
  readonly observed: Observed;
}
