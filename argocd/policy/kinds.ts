/**
 * The calls of provider-upjet-aws v2.5.0 for each kind that the function emits, as IAM actions. They are in `kinds`, one file for each
 * of the provider's services, and are taken from the source code of the provider's Terraform resources.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import type { Target } from './places.ts';

/** When an action is needed: observing happens at every poll, and after each of the others. */
export const VERBS = ['create', 'observe', 'update', 'delete'] as const;
type Verb = (typeof VERBS)[number];

export interface KindAccess {
  /**
   * The files with the calls, relative to `internal/service` of
   * github.com/upbound/terraform-provider-aws@v0.0.0-20260305123303-f7691456b787.
   */
  readonly source: readonly string[];
  /** The actions, by target and then by verb. */
  readonly needs: Partial<Record<Target, Partial<Record<Verb, readonly string[]>>>>;
}

const FOLDER = join(import.meta.dirname, 'kinds');

function kindsOf(file: string): [name: string, access: KindAccess][] {
  const kinds: Record<string, KindAccess> = parse(readFileSync(join(FOLDER, file), 'utf8'));
  const group = `${basename(file, '.yaml')}.aws.m.upbound.io`;
  return Object.entries(kinds).map(([kind, access]) => [`${group}/v1beta1/${kind}`, access]);
}

/** Every kind, as `group/version/Kind`. */
export const KINDS: Readonly<Record<string, KindAccess>> = Object.fromEntries(
  readdirSync(FOLDER).flatMap(kindsOf),
);
