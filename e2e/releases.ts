/** Builds of the function that differ as releases do. */

import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { releaseVersion } from '../function/package.ts';
import { zipFiles } from '../lambda/zip.ts';
import { runCommand } from '../tools/command.ts';
import { messageOf } from '../tools/errors.ts';
import type { FunctionRelease } from './substrate.ts';

const ROOT = join(import.meta.dirname, '..');

/** The build of this source. */
export function currentRelease(): FunctionRelease {
  return { version: releaseVersion(), folder: join(ROOT, 'dist/function') };
}

/** A later release of this source: every handler's code has another digest and does the same. */
export function laterRelease(folder: string, version: string): FunctionRelease {
  const { folder: current } = currentRelease();
  rmSync(folder, { recursive: true, force: true });
  cpSync(current, folder, { recursive: true });
  const handlers = join(folder, 'handlers');
  for (const file of readdirSync(handlers).filter((name) => name.endsWith('.zip'))) {
    const files = Object.entries(unzipSync(readFileSync(join(handlers, file))));
    const marked = files.map(([name, content]): [string, Uint8Array] => [
      name,
      name.endsWith('.mjs') ? Buffer.concat([content, Buffer.from(`\n// ${version}\n`)]) : content,
    ]);
    writeFileSync(join(handlers, file), zipFiles(Object.fromEntries(marked)));
  }
  return { version, folder };
}

/** The last commit before there were packages: what stands in for a release until there is one. */
const BEFORE_FIRST_RELEASE = '5e1aec1';

/** What the previous release was: the last version tag before this commit, else the commit that stands in for it. */
export function previousRevision(): Promise<string> {
  const lastTag = ['describe', '--tags', '--abbrev=0', '--match', 'v*', 'HEAD^'];
  return runCommand('git', ['-C', ROOT, ...lastTag]).then(
    (stdout) => stdout.trim(),
    () => BEFORE_FIRST_RELEASE,
  );
}

/**
 * Builds the function of an earlier revision with the packages that are installed.
 *
 * @throws when this clone does not have the revision, as a shallow one has not.
 */
export async function releaseOf(revision: string, folder: string, version: string): Promise<FunctionRelease> {
  const source = join(folder, 'source');
  const out = join(folder, 'function');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(source, { recursive: true });
  const archive = join(folder, 'source.tar');
  await runCommand('git', ['-C', ROOT, 'archive', '--output', archive, revision]).catch((error: unknown) => {
    const why = messageOf(error);
    throw new Error(
      `this clone does not have the previous release ${revision}: fetch all of its history. ${why}`,
    );
  });
  await runCommand('tar', ['-xf', archive, '-C', source]);
  symlinkSync(join(ROOT, 'node_modules'), join(source, 'node_modules'));
  const script = `import { buildFunction } from './function/build.ts'; await buildFunction(${JSON.stringify(out)});`;
  const entry = join(source, 'build-release.ts');
  writeFileSync(entry, script);
  await runCommand(process.execPath, [entry]);
  return { version, folder: out };
}
