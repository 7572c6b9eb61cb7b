/** What resource modules and workflows are given: the claim, its names, and what was observed. */
import type { Catalogue } from './catalogue.ts';
import type { Arns, Identity, Names } from './names.ts';
import type { Observed } from './objects.ts';
import type { Ownership } from './ownership.ts';
import type { Platform } from './platform.ts';
import type { Spec } from './spec.ts';

export interface Context {
  identity: Identity;
  spec: Spec;
  platform: Platform;
  names: Names;
  /** Known once anything observed has an ARN with the account in it. */
  arns: Arns | undefined;
  tags: Record<string, string>;
  /** How what the claim names stands to it, by composition resource name. */
  ownership: Readonly<Record<string, Ownership>>;
  permissionsBoundary: string | undefined;
  catalogue: Catalogue;
  observed: Observed;
}
