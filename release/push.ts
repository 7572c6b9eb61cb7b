/** `node release/push.ts REGISTRY` pushes the packages of `dist/packages` and prints the digest of each, for the release workflow too. */
import { appendFileSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { releaseVersion, SOURCE } from '../function/package.ts';
import { runCommand } from '../tools/command.ts';
import { messageOf } from '../tools/errors.ts';
import { ensureBinaries } from '../tools/programs/binaries.ts';
import { type Pushed, pushPackages } from './registry.ts';

const ROOT = join(import.meta.dirname, '..');
const BUILT = join(ROOT, 'dist/packages');

/** The annotations of a version's manifests: https://github.com/opencontainers/image-spec/blob/main/annotations.md */
export async function annotationsOf(version: string): Promise<Record<string, string>> {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = process.env;
  return {
    // GitHub shows a package in the repository that it names here.
    'org.opencontainers.image.source': server && repository ? `${server}/${repository}` : SOURCE,
    'org.opencontainers.image.licenses': 'Apache-2.0',
    'org.opencontainers.image.version': version,
    'org.opencontainers.image.revision': (await runCommand('git', ['-C', ROOT, 'rev-parse', 'HEAD'])).trim(),
  };
}

/** The files of a package, as `make package` names them. */
export function builtFiles(name: string, version: string): string[] {
  const files = globSync(`${name}-${version}*.xpkg`, { cwd: BUILT }).toSorted();
  if (files.length === 0) throw new Error(`dist/packages has no ${name}-${version}. Run \`make package\`.`);
  return files.map((file) => join(BUILT, file));
}

/** What the workflow's later steps read: `function-fileingest=sha256:…`. */
export const outputsOf = (pushed: readonly Pushed[]): string =>
  pushed.map(({ name, digest }) => `${name}=${digest}\n`).join('');

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) return void console.log('Usage: node release/push.ts REGISTRY   such as ghcr.io/acme');
  const [registry] = positionals;
  if (!registry) throw new Error('REGISTRY: Required value: name it, such as ghcr.io/acme');
  const version = releaseVersion();
  const programs = await ensureBinaries(['crane', 'crossplane-cli'], (line) => console.error(line));
  const filesOf = (name: string) => builtFiles(name, version);
  const pushed = await pushPackages(programs, registry, version, filesOf, await annotationsOf(version));
  if (process.env['GITHUB_OUTPUT']) appendFileSync(process.env['GITHUB_OUTPUT'], outputsOf(pushed));
  for (const { image, digest } of pushed) console.log(`pushed ${image}:${version} ${image}@${digest}`);
}

if (import.meta.main)
  await main().catch((error: unknown) => {
    console.error(messageOf(error));
    process.exitCode = 1;
  });
