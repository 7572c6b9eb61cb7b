/** The claims that an environment builds to, each with the file that it is in. */
import { join } from 'node:path';
import { type Json, stringAt } from '../../function/src/objects.ts';
import { objectsOf } from '../../tools/yaml.ts';
import { isClaim } from './check.ts';
import type { Files } from './claims.ts';
import { CLAIMS, ENVIRONMENTS, type Environment } from './environments.ts';

export interface PlacedClaim {
  /** As the environment builds it, with its patches. */
  claim: Json;
  /** Name of the environment. */
  environment: string;
  /** Name of the environment's cluster in Argo CD. */
  cluster: string | undefined;
  /** Below the repository's root; the environment's folder where no file has a claim of that name. */
  file: string;
}

const nameOf = (claim: Json) => stringAt(claim, 'metadata', 'name') ?? '';

/** Such as `fileingest-dev/orders`; the name alone where no namespace is said. */
export const keyOf = (claim: Json) =>
  [stringAt(claim, 'metadata', 'namespace') ?? [], nameOf(claim)].flat().join('/');

/** The claims in a file, by name alone, and by namespace where it says one. What is no YAML has none. */
function keysIn(content: Buffer): string[] {
  try {
    return objectsOf(content.toString())
      .filter(isClaim)
      .flatMap((claim) => [nameOf(claim), keyOf(claim)]);
  } catch {
    return [];
  }
}

/**
 * The claims among the objects of an environment.
 *
 * @param files - of its folder of claims.
 */
export function placeClaims(
  objects: readonly Json[],
  environment: Pick<Environment, 'name' | 'cluster'>,
  files: Files,
): PlacedClaim[] {
  const folder = join(ENVIRONMENTS, environment.name);
  const paths = new Map(
    [...files]
      .filter(([path]) => /\.ya?ml$/.test(path))
      .flatMap(([path, content]) => keysIn(content).map((key) => [key, join(folder, CLAIMS, path)])),
  );
  return objects.filter(isClaim).map((claim) => ({
    claim,
    environment: environment.name,
    cluster: environment.cluster,
    file: paths.get(keyOf(claim)) ?? paths.get(nameOf(claim)) ?? folder,
  }));
}
