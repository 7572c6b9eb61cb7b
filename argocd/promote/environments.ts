/** The environments in git, and which comes after which. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { at, stringAt } from '../../function/src/objects.ts';
import { messageOf } from '../../tools/errors.ts';

/** Below the repository's root. */
export const ENVIRONMENTS = 'argocd/environments';
/** What all environments share; no environment itself. */
export const BASE = 'base';
/** The folder that is carried, below an environment's. */
export const CLAIMS = 'claims';

export interface Environment {
  name: string;
  /** Where its claims come from; undefined where changes begin. */
  follows: string | undefined;
  /** Whether Argo CD deletes what is removed from git. */
  prune: boolean;
  /** Name of its cluster in Argo CD. */
  cluster: string | undefined;
}

function settingsOf(root: string, name: string): unknown {
  const file = `${ENVIRONMENTS}/${name}/environment.yaml`;
  try {
    return parse(readFileSync(join(root, file), 'utf8'));
  } catch (error) {
    throw new Error(`${file} is no YAML: ${messageOf(error)}. Mend it.`);
  }
}

/** Names of the folders with an environment.yaml, in order. */
export function environmentNames(root: string): string[] {
  const folder = join(root, ENVIRONMENTS);
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'environment.yaml')))
    .sort();
}

/**
 * One environment, from its environment.yaml.
 *
 * @throws naming the file that cannot be read.
 */
export function readEnvironment(root: string, name: string): Environment {
  const file = settingsOf(root, name);
  const follows = stringAt(file, 'follows');
  return { name, follows, prune: at(file, 'prune') === true, cluster: stringAt(file, 'cluster') };
}

/**
 * Every folder with an environment.yaml, in the order of their names.
 *
 * @throws naming the file that cannot be read.
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

/** Those that an environment's claims have been in before, the nearest first. */
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
 * The two ends of one promotion.
 *
 * @param skip - environments that are passed over on purpose.
 * @throws where one is no environment, where it goes backwards, and where it passes over one that `skip` does not name.
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
