/** Reads the environments in git and their order. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { at, stringAt } from '../../function/src/objects.ts';
import { messageOf } from '../../tools/errors.ts';

/** The folder of all environments, relative to the repository's root. */
export const ENVIRONMENTS = 'argocd/environments';
/** The folder that all environments share. It is not an environment. */
export const BASE = 'base';
/** The folder that is promoted, relative to the environment's folder. */
export const CLAIMS = 'claims';

export interface Environment {
  readonly name: string;
  /** The environment that its claims come from. Undefined for the first environment. */
  readonly follows: string | undefined;
  /** Whether Argo CD deletes objects that were removed from git. */
  readonly prune: boolean;
  /** The name of its cluster in Argo CD. */
  readonly cluster: string | undefined;
}

function settingsOf(root: string, name: string): unknown {
  const file = `${ENVIRONMENTS}/${name}/environment.yaml`;
  try {
    return parse(readFileSync(join(root, file), 'utf8'));
  } catch (error) {
    throw new Error(`${file} is no YAML: ${messageOf(error)}. Mend it.`);
  }
}

/** The names of the folders with an environment.yaml, sorted. */
export function environmentNames(root: string): string[] {
  const folder = join(root, ENVIRONMENTS);
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'environment.yaml')))
    .sort();
}

/**
 * Reads one environment from its environment.yaml.
 *
 * @throws Error with the path when the file cannot be read
 */
export function readEnvironment(root: string, name: string): Environment {
  const file = settingsOf(root, name);
  const follows = stringAt(file, 'follows');
  return { name, follows, prune: at(file, 'prune') === true, cluster: stringAt(file, 'cluster') };
}

/**
 * Reads all environments, sorted by name.
 *
 * @throws Error with the path when a file cannot be read
 */
export function readEnvironments(root: string): Environment[] {
  return environmentNames(root).map((name) => readEnvironment(root, name));
}

function find(environments: readonly Environment[], option: string, name: string): Environment {
  const found = environments.find((one) => one.name === name);
  if (found) return found;
  const known = environments.map((one) => one.name).join(', ');
  throw new Error(
    `${option}=${name} is no environment. There are ${known}; each is a folder of ${ENVIRONMENTS}.`,
  );
}

/** The environments that a claim passes before this one, nearest first. */
function before(environments: readonly Environment[], name: string): string[] {
  const names: string[] = [];
  let after = name;
  let here = environments.find((one) => one.name === name)?.follows;
  while (here !== undefined) {
    const known = environments.map((one) => one.name);
    if (!known.includes(here))
      throw new Error(
        `follows in ${ENVIRONMENTS}/${after}/environment.yaml is ${here}, which is no environment. There are ${known.join(', ')}.`,
      );
    if (names.includes(here) || here === name)
      throw new Error(`follows in ${ENVIRONMENTS}/*/environment.yaml leads from ${here} back to ${here}.`);
    names.push(here);
    after = here;
    here = environments.find((one) => one.name === here)?.follows;
  }
  return names;
}

/**
 * The source and the target of a promotion.
 *
 * @param skip - environments between the two that are skipped on purpose
 * @throws Error when one is not an environment, when the order is wrong, or when an environment between them is not in `skip`
 */
export function readStep(
  environments: readonly Environment[],
  options: { from: string; to: string; skip: readonly string[] },
): { from: Environment; to: Environment } {
  const from = find(environments, 'FROM', options.from);
  const to = find(environments, 'TO', options.to);
  const path = before(environments, to.name);
  const place = path.indexOf(from.name);
  if (place < 0) {
    const where =
      to.follows === undefined ? 'where changes begin' : `which takes its claims from ${to.follows}`;
    throw new Error(
      `${from.name} does not come before ${to.name}, ${where}. ` +
        `Make the change in ${path.at(-1) ?? to.name}, and promote it from there.`,
    );
  }
  const passed = path.slice(0, place).reverse();
  const unsaid = passed.filter((name) => !options.skip.includes(name));
  if (unsaid.length > 0) {
    const [next] = passed;
    throw new Error(
      `FROM=${from.name} TO=${to.name} passes over ${unsaid.join(', ')}. ` +
        `Promote to ${next} first, with make promote FROM=${from.name} TO=${next}, or add SKIP=${passed.join(',')}.`,
    );
  }
  return { from, to };
}
