/**
 * Checks all environments in git, for a pull request: whether each builds, whether the API server and the function would accept each
 * claim, and whether two claims use the same name in AWS. It changes no files and needs no cluster.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../tools/errors.ts';
import { buildClaims } from './check/build.ts';
import { claimErrors, readPlatform } from './check/render.ts';
import { oneLine, summary } from './check/say.ts';
import { BASE, CLAIMS, ENVIRONMENTS, environmentNames, readEnvironment } from './promote/environments.ts';
import { findKustomize, type Kustomize } from './promote/kustomize.ts';
import type { PlacedClaim } from './promote/place.ts';
import { sharedNameError, sharedNames } from './promote/shared-names.ts';
import { readSignIns } from './promote/sign-ins.ts';

/** Folders with claims that are not environments of Argo CD. */
function unknownFolders(root: string, known: readonly string[]): string[] {
  return readdirSync(join(root, ENVIRONMENTS))
    .filter((name) => !known.includes(name) && name !== BASE)
    .filter((name) => existsSync(join(root, ENVIRONMENTS, name, CLAIMS)))
    .sort()
    .map(
      (name) =>
        `${ENVIRONMENTS}/${name}: has claims and no environment.yaml, and so is no environment. Add it, or remove the folder.`,
    );
}

/** Returns the result of `work`. When it fails, adds its error to `errors` and returns `otherwise`, so that the check continues. */
function attempt<T>(errors: string[], work: () => T, otherwise: T): T {
  try {
    return work();
  } catch (error) {
    errors.push(oneLine(messageOf(error)));
    return otherwise;
  }
}

/**
 * Checks every environment. Prints each problem on one line, then a summary.
 *
 * @returns whether there is no problem
 */
export async function check(
  root: string,
  kustomize: Kustomize,
  say: (line: string) => void,
): Promise<boolean> {
  const names = environmentNames(root);
  const errors = unknownFolders(root, names);
  if (names.length === 0)
    errors.push(`${ENVIRONMENTS}: has no folder with an environment.yaml, and so there is nothing to check.`);
  const platform = attempt(errors, () => readPlatform(root), undefined);
  const signIns = attempt(errors, () => readSignIns(root), new Map());
  const claims: PlacedClaim[] = [];
  for (const name of names) {
    const read = () => readEnvironment(root, name);
    const environment = attempt<{ name: string; cluster: string | undefined }>(errors, read, {
      name,
      cluster: undefined,
    });
    const built = await buildClaims(root, kustomize, environment);
    errors.push(...built.errors);
    for (const claim of built.claims) errors.push(...(await claimErrors(claim, platform)));
    claims.push(...built.claims);
  }
  errors.push(...sharedNames(claims, signIns).map(sharedNameError));
  for (const error of errors) say(error);
  say(summary(names.length, claims.length, errors.length));
  return errors.length === 0;
}

async function main(): Promise<void> {
  const isRight = await check(join(import.meta.dirname, '..'), await findKustomize(), (line) =>
    console.log(line),
  );
  if (!isRight) process.exitCode = 1;
}

if (import.meta.main)
  main().catch((error: unknown) => {
    console.error(`make check: ${messageOf(error)}`);
    process.exitCode = 1;
  });
