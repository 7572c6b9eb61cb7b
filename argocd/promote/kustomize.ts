/** Finds and runs kustomize: the user's, the one in kubectl, or a pinned one. */

import { type Json, stringAt } from '../../function/src/objects.ts';
import { runCommand } from '../../tools/command.ts';
import { ensureBinaries } from '../../tools/programs/binaries.ts';
import { findOnPath } from '../../tools/programs/path.ts';
import { tell } from '../../tools/terminal.ts';
import { objectsOf } from '../../tools/yaml.ts';

/** A command that builds the folder in its last argument and prints the result. */
export type Kustomize = readonly [command: string, ...args: string[]];

const KUSTOMIZE = { command: 'kustomize', args: ['version'] };
const IN_KUBECTL = { command: 'kubectl', args: ['version', '--client'], after: 'Kustomize Version: ' };

/** Those before version 5 read our files otherwise, or not at all. */
const fits = (version = '') => Number(/\d+/.exec(version)) >= 5;

/**
 * Finds kustomize 5 or newer: on the PATH, else in kubectl on the PATH, else a pinned one that is built on first use.
 *
 * @throws the errors of `ensureBinaries`
 */
export async function findKustomize(): Promise<Kustomize> {
  const own = await findOnPath(KUSTOMIZE);
  if (fits(own?.version)) return ['kustomize', 'build'];
  const inKubectl = await findOnPath(IN_KUBECTL);
  if (fits(inKubectl?.version)) return ['kubectl', 'kustomize'];
  return [(await ensureBinaries(['kustomize'], tell)).kustomize, 'build'];
}

/**
 * The objects that a folder builds to.
 *
 * @throws Error with the output of kustomize
 */
export async function buildFolder([command, ...args]: Kustomize, folder: string): Promise<Json[]> {
  return objectsOf(await runCommand(command, [...args, folder]));
}

/** The unique name of an object in an environment, such as `FileIngestPipeline/fileingest-dev/orders`. */
export function identity(object: Json): string {
  const path = [['kind'], ['metadata', 'namespace'], ['metadata', 'name']].map((field) =>
    stringAt(object, ...field),
  );
  return path.filter((part) => part !== undefined).join('/');
}
