/**
 * Promotes the claims of one environment, and their Composition revision, to another environment. It writes files for a pull request
 * and needs no cluster. Options come from environment variables: FROM, TO, CLAIM, REVISION, SKIP, DRY_RUN.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Json } from '../function/src/objects.ts';
import { messageOf } from '../tools/errors.ts';
import { bold } from '../tools/terminal.ts';
import { claimErrors } from './promote/check.ts';
import {
  type Change,
  claimNames,
  planClaims,
  readClaimFiles,
  readFiles,
  unlisted,
} from './promote/claims.ts';
import {
  CLAIMS,
  ENVIRONMENTS,
  type Environment,
  readEnvironments,
  readStep,
} from './promote/environments.ts';
import { head, uncommitted } from './promote/git.ts';
import { buildFolder, findKustomize, type Kustomize } from './promote/kustomize.ts';
import { type Options, readOptions } from './promote/options.ts';
import { type PlacedClaim, placeClaims } from './promote/place.ts';
import { PIN, pinnedRevision, runningRevision, withRevision } from './promote/revision.ts';
import { nextSteps, removals, revisionLine, summary } from './promote/say.ts';
import { sharedNameError, sharedNames } from './promote/shared-names.ts';
import { readSignIns, type SignIns } from './promote/sign-ins.ts';
import { fileDiff, objectDiff, stage } from './promote/stage.ts';

export interface Surroundings {
  /** The root folder of the repository. */
  readonly root: string;
  readonly kustomize: Kustomize;
  readonly colour: boolean;
  readonly say: (text: string) => void;
}

function refuse(what: string, lines: readonly string[]): void {
  if (lines.length > 0) throw new Error(`${what}\n${lines.map((line) => `  ${line}`).join('\n')}`);
}

function builds(kustomize: Kustomize, name: string, folder: string): Promise<Json[]> {
  return buildFolder(kustomize, folder).catch((error: Error) => {
    throw new Error(`${name} does not build, and nothing was written: ${error.message}`);
  });
}

/** Builds an environment and checks that its claims would be admitted. */
async function admitted(
  kustomize: Kustomize,
  name: string,
  folder: string,
  before?: Json[],
): Promise<Json[]> {
  const objects = await builds(kustomize, name, folder);
  refuse(`${name} has claims that are refused, and nothing was written:`, claimErrors(objects, before));
  return objects;
}

/** The claims of environments. Builds those that `built` does not have. */
async function placedIn(
  root: string,
  kustomize: Kustomize,
  environments: readonly Environment[],
  built: Readonly<Record<string, Json[]>>,
): Promise<PlacedClaim[]> {
  const claims: PlacedClaim[] = [];
  for (const environment of environments) {
    const folder = join(root, ENVIRONMENTS, environment.name);
    const objects = built[environment.name] ?? (await builds(kustomize, environment.name, folder));
    claims.push(...placeClaims(objects, environment, readClaimFiles(folder)));
  }
  return claims;
}

/** The AWS names that two claims share, at least one of them in the environment, one line each. */
function takenNames(
  others: readonly PlacedClaim[],
  here: readonly PlacedClaim[],
  signIns: SignIns,
): string[] {
  return sharedNames([...others, ...here], signIns)
    .filter(({ first, second }) => here.includes(first.claim) || here.includes(second.claim))
    .map(sharedNameError);
}

function plan(root: string, from: string, to: string, options: Options) {
  const folder = (name: string) => join(root, ENVIRONMENTS, name);
  const here = readFiles(join(folder(from), CLAIMS));
  const there = readFiles(join(folder(to), CLAIMS));
  const left = unlisted(here).map((path) => `${ENVIRONMENTS}/${from}/${CLAIMS}/${path}`);
  refuse(
    `${from} has files that ${CLAIMS}/kustomization.yaml does not list. List them, or remove them:`,
    left,
  );
  const claims = planClaims(here, there, options.claim);
  const pinned = pinnedRevision(root, to);
  const revision = options.carryRevision && pinned !== undefined ? runningRevision(root, from) : undefined;
  const changes = claims.map((change): Change => ({ ...change, path: `${CLAIMS}/${change.path}` }));
  if (revision !== undefined && revision !== pinned) {
    const content = Buffer.from(withRevision(readFileSync(join(folder(to), PIN), 'utf8'), revision));
    changes.push({ path: PIN, what: 'changed', content });
  }
  const names = new Set([...claimNames(here), ...claimNames(there)]);
  const carried = claims.map(({ path }) => path.replace(/\.ya?ml$/, '')).filter((name) => names.has(name));
  return { changes, carried, pinned, revision };
}

/**
 * Promotes, or reports that there is nothing to promote.
 *
 * @throws Error with the fix when the promotion is not possible; then no file is changed
 */
export async function promote(
  options: Options,
  { root, kustomize, colour, say }: Surroundings,
): Promise<void> {
  const environments = readEnvironments(root);
  const { from, to } = readStep(environments, options);
  const folder = `${ENVIRONMENTS}/${to.name}`;
  const source = await admitted(kustomize, from.name, join(root, ENVIRONMENTS, from.name));
  const { changes, carried, pinned, revision } = plan(root, from.name, to.name, options);
  const line = revisionLine(to.name, pinned, revision);
  if (changes.length === 0) {
    const what = options.claim ?? 'every claim';
    say(`Nothing to promote: ${what} is in ${to.name} as in ${from.name} (${line}).`);
    return;
  }
  const open = new Set(await uncommitted(root, folder));
  const overwritten = changes.map(({ path }) => `${folder}/${path}`).filter((path) => open.has(path));
  refuse(
    'These are changed and not committed, and would be overwritten. Commit them or undo them:',
    overwritten,
  );
  await using staged = await stage(root, to.name, changes);
  const before = await builds(kustomize, to.name, join(root, folder));
  const after = await admitted(kustomize, to.name, staged.folder, before);
  const others = environments.filter((one) => one !== to);
  const elsewhere = await placedIn(root, kustomize, others, { [from.name]: source });
  const here = placeClaims(after, to, readClaimFiles(staged.folder));
  refuse('Nothing was written:', takenNames(elsewhere, here, readSignIns(root)));
  say(summary(from, to, changes, line));
  say(`\n${bold('The files')}\n${await fileDiff(root, folder, staged.folder, colour)}`);
  const objects = await objectDiff(root, before, after, colour);
  say(`\n${bold(`What ${to.name} then asks for`)}\n${objects || 'the same as before'}`);
  const kustomization: unknown = parse(readFileSync(join(root, folder, 'kustomization.yaml'), 'utf8'));
  for (const line of removals(to, kustomization, before, after)) say(`\n${line}`);
  const unsaved = await uncommitted(root, `${ENVIRONMENTS}/${from.name}`);
  if (unsaved.length > 0) say(`\nNot committed, and so not run by ${from.name} yet: ${unsaved.join(', ')}`);
  if (options.dryRun) {
    say(`\n${bold('A dry run: nothing was written.')}`);
    return;
  }
  await staged.commit();
  const moved = revision === undefined || revision === pinned ? [] : [`revision ${revision}`];
  say(`\n${nextSteps(from.name, to.name, await head(root), [...carried, ...moved])}`);
}

async function main(): Promise<void> {
  // `head`, or a pager that the user quits, closes the pipe. The promotion still finishes.
  process.stdout.on('error', (error) => {
    if (!('code' in error) || error.code !== 'EPIPE') throw error;
  });
  const options = readOptions(process.env, process.argv.slice(2));
  await promote(options, {
    root: join(import.meta.dirname, '..'),
    kustomize: await findKustomize(),
    colour: process.stdout.isTTY === true && !process.env['NO_COLOR'],
    say: (text) => console.log(text),
  });
}

if (import.meta.main)
  main().catch((error: unknown) => {
    console.error(`\nmake promote: ${messageOf(error)}`);
    process.exitCode = 1;
  });
