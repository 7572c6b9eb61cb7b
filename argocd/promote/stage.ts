/** Applies changes to a copy of an environment. The copy replaces the environment as a whole, or not at all. */
import { cp, mkdir, mkdtempDisposable, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import type { Json } from '../../function/src/objects.ts';
import { type Change, type Files, readFiles } from './claims.ts';
import { BASE, ENVIRONMENTS } from './environments.ts';
import { differences } from './git.ts';
import { identity } from './kustomize.ts';

/** The copy. What is left of it is removed at the end of its `await using`. */
export interface Stage extends AsyncDisposable {
  /** The folder of the changed environment, beside a copy of the folder that all environments share. */
  readonly folder: string;
  /** Replaces the environment with the copy. */
  commit(): Promise<void>;
}

async function write(path: string, content: Buffer | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

/** A new folder in the repository that git ignores. It is on the same disk, so that a rename works. */
async function ownFolder(root: string) {
  const cache = join(root, '.cache');
  await mkdir(cache, { recursive: true });
  return mkdtempDisposable(join(cache, 'promote-'));
}

/** Copies an environment and applies changes to the copy. Their paths are relative to the environment's folder. */
export async function stage(root: string, environment: string, changes: readonly Change[]): Promise<Stage> {
  await using stack = new AsyncDisposableStack();
  const temporary = stack.use(await ownFolder(root)).path;
  const folder = join(temporary, environment);
  const real = join(root, ENVIRONMENTS, environment);
  const old = join(temporary, '.old');
  for (const name of [BASE, environment])
    await cp(join(root, ENVIRONMENTS, name), join(temporary, name), {
      recursive: true,
      verbatimSymlinks: true,
    });
  for (const { path, content } of changes)
    await (content === undefined ? rm(join(folder, path)) : write(join(folder, path), content));
  const commit = async () => {
    await rename(real, old);
    try {
      await rename(folder, real);
    } catch (error) {
      await rename(old, real);
      throw error;
    }
  };
  const rest = stack.move();
  return { folder, commit, [Symbol.asyncDispose]: () => rest.disposeAsync() };
}

/** The diff of two sets of texts, by path, in git's format. */
async function diffOf(
  root: string,
  before: ReadonlyMap<string, Buffer | string>,
  after: ReadonlyMap<string, Buffer | string>,
  colour: boolean,
): Promise<string> {
  await using folder = await ownFolder(root);
  for (const [side, texts] of Object.entries({ a: before, b: after })) {
    await mkdir(join(folder.path, side));
    for (const [path, text] of texts) await write(join(folder.path, side, path), text);
  }
  return await differences(folder.path, colour);
}

/** The diff of an environment's folder, relative to `root`, and its changed copy. */
export function fileDiff(root: string, folder: string, copy: string, colour: boolean): Promise<string> {
  const named = (files: Files) => new Map([...files].map(([path, content]) => [join(folder, path), content]));
  return diffOf(root, named(readFiles(join(root, folder))), named(readFiles(copy)), colour);
}

/** The diff of objects, one by one. */
export function objectDiff(
  root: string,
  before: readonly Json[],
  after: readonly Json[],
  colour: boolean,
): Promise<string> {
  const texts = (objects: readonly Json[]) =>
    new Map(objects.map((object) => [`${identity(object)}.yaml`, stringify(object)]));
  return diffOf(root, texts(before), texts(after), colour);
}
