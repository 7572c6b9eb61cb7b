/** Whether the API server and the function would take a claim. */
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
/** Argo CD's name of the cluster that it is in: the platform of this repository is there, and no other is known. */
const IN_CLUSTER = 'in-cluster';

/**
 * Defaults of the platform: `data` of the EnvironmentConfig in git.
 *
 * @returns undefined where there is no such file.
 * @throws where it cannot be read.
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
 * What is wrong with a claim, one line each. What the function refuses is known only where the API server takes the claim.
 *
 * @param platform - defaults of the platform, for claims of the cluster that Argo CD is in.
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
