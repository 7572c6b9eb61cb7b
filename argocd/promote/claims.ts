/** Compares the claim folders of environments, and edits the list of files that kustomize reads. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isSeq, parseDocument } from 'yaml';
import { at } from '../../function/src/objects.ts';
import { CLAIMS } from './environments.ts';

export const LIST = 'kustomization.yaml';

/** The contents of files, by their path relative to a folder. */
export type Files = ReadonlyMap<string, Buffer>;

/** A file to write, or to remove when `content` is undefined. */
export interface Change {
  /** Relative to the folder of the claims, or of the environment. */
  readonly path: string;
  readonly what: 'added' | 'changed' | 'removed';
  readonly content: Buffer | undefined;
}

/** All files of a folder, at any depth. */
export function readFiles(folder: string): Files {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return new Map(files.map((path) => [relative(folder, path), readFileSync(path)]));
}

/** The files of an environment's claims. Empty when the folder does not exist. */
export function readClaimFiles(folder: string): Files {
  const claims = join(folder, CLAIMS);
  return existsSync(claims) ? readFiles(claims) : new Map();
}

/** The change that makes the file `path` in `to` equal to `from`, or undefined when it is equal. */
function changeOf(path: string, from: Buffer | undefined, to: Buffer | undefined): Change | undefined {
  if (from === undefined && to === undefined) return undefined;
  if (from === undefined) return { path, what: 'removed', content: undefined };
  if (to === undefined) return { path, what: 'added', content: from };
  return from.equals(to) ? undefined : { path, what: 'changed', content: from };
}

/** The files that a list names. */
export function listed(list: Buffer | undefined): string[] {
  const resources = at(list === undefined ? undefined : parseDocument(list.toString()).toJS(), 'resources');
  return Array.isArray(resources) ? resources.map(String) : [];
}

/** The files of claims that are not in the list, and so not in the environment. */
export function unlisted(files: Files): string[] {
  const names = listed(files.get(LIST));
  return [...files.keys()].filter(
    (path) => !path.includes('/') && /\.ya?ml$/.test(path) && path !== LIST && !names.includes(path),
  );
}

/** The list with one name added or removed, sorted by name and with its comments. */
function relisted(list: Buffer, name: string, add: boolean): Buffer {
  const document = parseDocument(list.toString());
  const names = listed(list).filter((one) => one !== name);
  const resources = document.get('resources');
  if (!isSeq(resources)) throw new Error(`${LIST} has no resources. List the claims there.`);
  const place = names.findIndex((one) => one > name);
  if (!add) resources.delete(listed(list).indexOf(name));
  else resources.items.splice(place < 0 ? names.length : place, 0, document.createNode(name));
  return Buffer.from(document.toString({ lineWidth: 0 }));
}

/** The list without these names. */
export function withoutClaims(list: Buffer, names: readonly string[]): Buffer {
  return names.reduce((rest, name) => relisted(rest, name, false), list);
}

function listChange(name: string, from: Files, to: Files): Change | undefined {
  const here = from.get(LIST);
  const there = to.get(LIST);
  const add = from.has(name);
  if (there === undefined || listed(there).includes(name) === add) return undefined;
  const list = relisted(there, name, add);
  // When both lists have the same names after this claim, the list is copied, byte for byte.
  const same = here !== undefined && listed(list).join() === listed(here).join();
  return changeOf(LIST, same ? here : list, there);
}

/** The names of the claims in a folder. Each claim has its own file with the same name. */
export function claimNames(files: Files): string[] {
  return listed(files.get(LIST)).map((path) => path.replace(/\.ya?ml$/, ''));
}

/**
 * The changes that make the claims in `to` equal to those in `from`.
 *
 * @param claim - the claim to promote; by default all claims, and all other files in their folder
 * @throws Error with the known claims when neither environment has this claim
 */
export function planClaims(from: Files, to: Files, claim?: string): Change[] {
  if (claim === undefined) {
    const paths = [...new Set([...from.keys(), ...to.keys()])].sort();
    return paths.flatMap((path) => changeOf(path, from.get(path), to.get(path)) ?? []);
  }
  const path = `${claim}.yaml`;
  if (!from.has(path) && !to.has(path))
    throw new Error(`CLAIM=${claim} is no claim there. There are ${claimNames(from).join(', ') || 'none'}.`);
  return [changeOf(path, from.get(path), to.get(path)) ?? [], listChange(path, from, to) ?? []].flat();
}
