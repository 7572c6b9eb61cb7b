/** Finds the file of each claim that an environment builds to. */
import { join } from 'node:path';
import { type Json, stringAt } from '../../function/src/objects.ts';
import { objectsOf } from '../../tools/yaml.ts';
import { isClaim } from './check.ts';
import type { Files } from './claims.ts';
import { CLAIMS, ENVIRONMENTS, type Environment } from './environments.ts';

export interface PlacedClaim {
  /** The claim that the environment builds, with all patches. */
  readonly claim: Json;
  /** The name of the environment. */
  readonly environment: string;
  /** The name of the environment's cluster in Argo CD. */
  readonly cluster: string | undefined;
  /** Relative to the repository's root. The environment's folder when no file has a claim with this name. */
  readonly file: string;
}

const nameOf = (claim: Json) => stringAt(claim, 'metadata', 'name') ?? '';

/** The key of a claim, such as `fileingest-dev/orders`, or only its name when it has no namespace. */
export const keyOf = (claim: Json) =>
  [stringAt(claim, 'metadata', 'namespace') ?? [], nameOf(claim)].flat().join('/');

/** The keys of the claims in a file: the name, and the name with namespace if there is one. Empty when the file is not YAML. */
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
 * The claims among the objects of an environment, with their files.
 *
 * @param files - the files in its folder of claims
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
