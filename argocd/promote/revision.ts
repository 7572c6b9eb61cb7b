/** Finds the Composition revision of an environment's claims: the newest, or the one that is pinned in git. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isScalar, parse, parseDocument } from 'yaml';
import { stringAt } from '../../function/src/objects.ts';
import { ENVIRONMENTS } from './environments.ts';

/** The label of the Composition and of its revisions. */
const LABEL = 'fileingest.dev/version';
/** The patch that pins the revision, relative to the environment's folder. An environment without it uses the newest revision. */
export const PIN = 'patches/revision.yaml';
const PATH = ['spec', 'crossplane', 'compositionRevisionSelector', 'matchLabels', LABEL];
const COMPOSITION = 'compositions/composition.yaml';
const INSTALLED = 'argocd/platform/configuration.yaml';
const VERSION = /^v\d+\.\d+\.\d+[A-Za-z0-9._-]*$/;

function versionOf(file: string, ...path: string[]): string {
  const version = stringAt(parse(readFileSync(file, 'utf8')), ...path) ?? '';
  if (!VERSION.test(version))
    throw new Error(
      `${file} has no version such as v1.2.3 at ${path.join('.')}: ${JSON.stringify(version)}.`,
    );
  return version;
}

/** The version that an environment is pinned to, or undefined when it uses the newest. */
export function pinnedRevision(root: string, environment: string): string | undefined {
  const file = join(root, ENVIRONMENTS, environment, PIN);
  return existsSync(file) ? versionOf(file, ...PATH) : undefined;
}

/** The version of the newest Composition. */
function newestRevision(root: string): string {
  const newest = versionOf(join(root, COMPOSITION), 'metadata', 'labels', LABEL);
  const installed = join(root, INSTALLED);
  const tag = existsSync(installed)
    ? stringAt(parse(readFileSync(installed, 'utf8')), 'spec', 'package')
        ?.split(':')
        .at(-1)
    : undefined;
  // Crossplane does not reconcile claims that are pinned to a missing revision.
  if (tag !== undefined && tag !== newest)
    throw new Error(
      `${COMPOSITION} is ${newest}, but ${INSTALLED} installs ${tag}: no cluster has that revision. ` +
        `Install ${newest} there first, or carry the claims alone with REVISION=keep.`,
    );
  return newest;
}

/**
 * The version that an environment's claims use, such as `v1.2.3`.
 *
 * @throws Error when it is the newest and its package is not installed, since no cluster has that revision then
 */
export function runningRevision(root: string, environment: string): string {
  return pinnedRevision(root, environment) ?? newestRevision(root);
}

/** The patch with another version. All other bytes are unchanged. */
export function withRevision(patch: string, version: string): string {
  const node = parseDocument(patch).getIn(PATH, true);
  if (!isScalar(node) || !node.range) throw new Error(`${PIN} has no ${PATH.join('.')}. Add it.`);
  const [start, end] = node.range;
  return patch.slice(0, start) + version + patch.slice(end);
}
