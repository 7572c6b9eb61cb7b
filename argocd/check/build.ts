/** Builds the claims of an environment, without those that cannot be built. */
import { join } from 'node:path';
import type { Json } from '../../function/src/objects.ts';
import { messageOf } from '../../tools/errors.ts';
import { isClaim } from '../promote/check.ts';
import { type Change, LIST, readClaimFiles, withoutClaims } from '../promote/claims.ts';
import { CLAIMS, ENVIRONMENTS, type Environment } from '../promote/environments.ts';
import { buildFolder, identity, type Kustomize } from '../promote/kustomize.ts';
import { type PlacedClaim, placeClaims } from '../promote/place.ts';
import { stage } from '../promote/stage.ts';
import { wrongFiles } from './files.ts';
import { oneLine } from './say.ts';

/** The objects that a copy of the environment builds to. The copy is removed afterwards. */
async function buildCopy(
  root: string,
  kustomize: Kustomize,
  name: string,
  changes: readonly Change[],
): Promise<Json[]> {
  await using staged = await stage(root, name, changes);
  try {
    return await buildFolder(kustomize, staged.folder);
  } catch (error) {
    const folder = join(ENVIRONMENTS, name);
    const said = oneLine(messageOf(error))
      .replace(/^.*?\bError: /, '')
      .replaceAll(staged.folder, folder);
    throw new Error(`${folder}: does not build: ${said.replaceAll(`${root}/`, '')}`);
  }
}

/** The claims of an environment without wrong files, and all problems, one line each. */
export async function buildClaims(
  root: string,
  kustomize: Kustomize,
  environment: Pick<Environment, 'name' | 'cluster'>,
): Promise<{ errors: string[]; claims: PlacedClaim[] }> {
  const { name } = environment;
  const folder = join(ENVIRONMENTS, name);
  const files = readClaimFiles(join(root, folder));
  const { errors, unusable } = wrongFiles(root, join(folder, CLAIMS), files);
  const list = files.get(LIST);
  const content = list && withoutClaims(list, unusable);
  const changes: Change[] =
    unusable.length > 0 ? [{ path: join(CLAIMS, LIST), what: 'changed', content }] : [];
  try {
    const objects = await buildCopy(root, kustomize, name, changes);
    const others = objects.filter((object) => !isClaim(object)).map(identity);
    const fix = `the project fileingest-${name} permits no other kind than FileIngestPipeline. Remove it.`;
    const foreign = others.map((object) => `${folder}: ${object}: is no claim, and ${fix}`);
    return { errors: [...errors, ...foreign], claims: placeClaims(objects, environment, files) };
  } catch (error) {
    return { errors: [...errors, messageOf(error)], claims: [] };
  }
}
