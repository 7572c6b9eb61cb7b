/**
 * `make bump VERSION=1.3.0` writes the version of the next release into every file that names it. The older Function stays beside the new
 * one, for the claims that are pinned to it; what staging and prod are pinned to stays too.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { functionName, releaseVersion } from '../function/package.ts';
import { sectionOf } from '../release/checks.ts';
import { messageOf } from '../tools/errors.ts';

const ROOT = join(import.meta.dirname, '..');
const FUNCTIONS = 'argocd/platform/function.yaml';
const CHANGELOG = 'CHANGELOG.md';
/** They name one version, at one or two places. */
const PLAIN = [
  'apis/crossplane.yaml',
  'argocd/platform/configuration.yaml',
  'compositions/composition.yaml',
  'examples/functions.yaml',
] as const;
const NPM = ['package.json', 'package-lock.json'] as const;
const SEPARATOR = '---\n';
const FORM = /^(\d+)\.(\d+)\.(\d+)(-rc\.\d+)?$/;

const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** Both ways in which manifests name a version: `v1.2.3`, and `v1-2-3` in the names of objects. */
const ways = (version: string) => [version, version.replaceAll('.', '-')];

/** A text with another version. */
function withVersion(file: string, text: string, from: string, to: string): string {
  const target = ways(to);
  const changed = ways(from).reduce(
    (before, way, index) => before.replaceAll(way, target[index] ?? ''),
    text,
  );
  if (changed === text) throw new Error(`${file} does not name ${from}. Restore it.`);
  return changed;
}

/**
 * The text of `argocd/platform/function.yaml` with one more version in front: a copy of the newest Function and of its settings.
 *
 * @param to - a version with a leading v, such as `v1.3.0`
 */
export function withFunction(text: string, from: string, to: string): string {
  const documents = text.split(SEPARATOR);
  const newest = documents.filter((document) => document.includes(functionName(from)));
  if (newest.length === 0) throw new Error(`${FUNCTIONS} has no ${functionName(from)}. Restore it.`);
  const added = newest.map((document) => withVersion(FUNCTIONS, document, from, to));
  // The comments above an object stand once, above the newest.
  const before = documents.map((document) => document.replace(/^(?:#.*\n)+/, ''));
  return [...added, ...before].map((document) => document.replace(/\n*$/, '\n')).join(SEPARATOR);
}

/** The changelog with what is unreleased under the version's name. */
function released(text: string, version: string, date: string): string {
  if (!sectionOf(text, 'Unreleased'))
    throw new Error(`${CHANGELOG} has nothing under "Unreleased". Say there what is new.`);
  return text.replace('## Unreleased\n', `## Unreleased\n\n## ${version} - ${date}\n`);
}

function npm(file: string, text: string, version: string): string {
  const json: { version: string; packages?: Record<string, { version: string }> } = JSON.parse(text);
  json.version = version;
  const root = json.packages?.[''];
  if (file === 'package-lock.json' && !root) throw new Error(`${file} has no root package. Restore it.`);
  if (root) root.version = version;
  return `${JSON.stringify(json, null, 2)}\n`;
}

/** Whether a version comes after another; a candidate comes before its release. */
function isAfter(next: string, current: string): boolean {
  const partsOf = (version: string) => {
    const [, major, minor, patch, candidate] = FORM.exec(version) ?? [];
    return [major, minor, patch, candidate === undefined ? Number.MAX_SAFE_INTEGER : candidate.slice(4)].map(
      Number,
    );
  };
  const [a, b] = [partsOf(next), partsOf(current)];
  const index = a.findIndex((part, at) => part !== b[at]);
  return index >= 0 && (a[index] ?? 0) > (b[index] ?? 0);
}

/**
 * The files that name the version, as they are for the next one; by path from the root. Nothing is written.
 *
 * @param version - without a leading v, such as `1.3.0` or `1.3.0-rc.1`
 * @param date - of the release, such as `2026-11-28`
 * @param read - gives the text of a file as it is, by its path from the root
 * @throws Error with the fix when the version is not a later one, or a file is not as it must be
 */
export function bumped(version: string, date: string, read = textOf): Map<string, string> {
  const current = releaseVersion().slice(1);
  if (!FORM.test(version))
    throw new Error(`VERSION: Invalid value: "${version}": must be a version such as 1.3.0 or 1.3.0-rc.1`);
  if (!isAfter(version, current))
    throw new Error(
      `VERSION: Invalid value: "${version}": must be later than ${current}, the version in package.json`,
    );
  const [from, to] = [`v${current}`, `v${version}`];
  return new Map([
    ...NPM.map((file) => [file, npm(file, read(file), version)] as const),
    ...PLAIN.map((file) => [file, withVersion(file, read(file), from, to)] as const),
    [FUNCTIONS, withFunction(read(FUNCTIONS), from, to)],
    [CHANGELOG, released(read(CHANGELOG), version, date)],
  ]);
}

function main(): void {
  const version = process.env['VERSION'];
  if (!version) throw new Error('VERSION: Required value: make bump VERSION=1.3.0');
  const files = bumped(version, new Date().toISOString().slice(0, 10));
  for (const [file, text] of files) {
    writeFileSync(join(ROOT, file), text);
    console.log(`wrote ${file}`);
  }
  console.log(`\nRead the diff, run \`make lint test\`, and go on with RELEASING.md.`);
}

if (import.meta.main)
  try {
    main();
  } catch (error) {
    console.error(`make bump: ${messageOf(error)}`);
    process.exitCode = 1;
  }
