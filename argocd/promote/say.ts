/** The output of `make promote`. */
import { at, type Json, stringAt } from '../../function/src/objects.ts';
import { bold } from '../../tools/terminal.ts';
import { removalOf } from './check.ts';
import type { Change } from './claims.ts';
import { ENVIRONMENTS, type Environment } from './environments.ts';
import { identity } from './kustomize.ts';

/** The summary of the promotion, file by file. */
export function summary(
  from: Environment,
  to: Environment,
  changes: readonly Change[],
  revision: string,
): string {
  const lines = changes.map(({ what, path }) => `  ${what.padEnd(8)} ${path}`);
  return [bold(`From ${from.name} to ${to.name}`), ...lines, `  ${revision}`].join('\n');
}

/** The line about the Composition revision before and after. */
export function revisionLine(to: string, before: string | undefined, after: string | undefined): string {
  if (before === undefined) return `revision: ${to} has no pin and follows the newest`;
  if (after === undefined) return `revision ${before} is kept`;
  return before === after ? `revision ${before} stays, both have it` : `revision ${before} -> ${after}`;
}

/** The consequences of removals, claim by claim, and patches that have no target any more. */
export function removals(
  environment: Environment,
  kustomization: unknown,
  before: readonly Json[],
  after: readonly Json[],
): string[] {
  const stay = new Set(after.map(identity));
  const gone = before.filter((object) => !stay.has(identity(object)));
  const patches = at(kustomization, 'patches');
  const targets = Array.isArray(patches) ? patches.map((patch) => stringAt(patch, 'target', 'name')) : [];
  return gone.flatMap((claim) => {
    const name = stringAt(claim, 'metadata', 'name') ?? '';
    const left = `${ENVIRONMENTS}/${environment.name}/kustomization.yaml still has a patch for ${name}: remove it too.`;
    return [removalOf(claim, environment), ...(targets.includes(name) ? [left] : [])];
  });
}

/** The commands that create a pull request with the written files. */
export function nextSteps(from: string, to: string, commit: string, what: readonly string[]): string {
  return [
    bold('Written. Look it over, then:'),
    `  git switch -c promote-${to}-${commit}`,
    `  git add ${ENVIRONMENTS}/${to}`,
    `  git commit -m "Promote ${from} to ${to}: ${what.join(', ')}"`,
    `  git push -u origin promote-${to}-${commit}`,
    '  and open a pull request. Argo CD carries it on once it is merged.',
  ].join('\n');
}
