/** Checks whether the API server and the function would accept a claim. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { settle, UID } from '../../function/render.ts';
import { at, isObject, type Json } from '../../function/src/objects.ts';
import { withUid } from '../../local/composite.ts';
import { messageOf } from '../../tools/errors.ts';
import { admitClaim } from '../promote/check.ts';
import { keyOf, type PlacedClaim } from '../promote/place.ts';
import { oneLine } from './say.ts';

const PLATFORM = 'argocd/platform/environment-config.yaml';
/** Argo CD's name for its own cluster. The platform of this repository is installed there; other platforms are not known. */
const IN_CLUSTER = 'in-cluster';

/**
 * The platform's defaults: `data` of the EnvironmentConfig in git.
 *
 * @returns undefined when there is no such file
 * @throws Error when it cannot be read
 */
export function readPlatform(root: string): Json | undefined {
  const file = join(root, PLATFORM);
  if (!existsSync(file)) return undefined;
  try {
    const data = at(parse(readFileSync(file, 'utf8')), 'data');
    return isObject(data) ? data : undefined;
  } catch (error) {
    throw new Error(`${PLATFORM} is not valid YAML: ${oneLine(messageOf(error))}`);
  }
}

/**
 * The problems of a claim, one line each. The function runs only when the API server would accept the claim.
 *
 * @param platform - the platform's defaults, for claims in Argo CD's own cluster
 */
export async function claimErrors(
  { claim, file, cluster }: PlacedClaim,
  platform: Json | undefined,
): Promise<string[]> {
  const where = (error: string) => `${file}: ${keyOf(claim)}: ${oneLine(error)}`;
  const admitted = admitClaim(claim);
  if ('errors' in admitted) return admitted.errors.map(where);
  const defaults = platform && cluster === IN_CLUSTER ? { platform } : {};
  try {
    const { rendered } = await settle(withUid(admitted.claim, UID), defaults);
    return rendered.fatal.flatMap((error) => error.split('\n')).map(where);
  } catch (error) {
    return [where(`the function fails: ${messageOf(error)}`)];
  }
}
