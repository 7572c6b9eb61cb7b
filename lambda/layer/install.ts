import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A processor architecture, by Lambda's name. */
export type Architecture = 'arm64' | 'x86_64';

/** The platform of a layer. Lambda is `linux`. The emulator runs functions on this machine, which can be a Mac. */
export interface Platform {
  readonly os: 'linux' | 'darwin';
  readonly architecture: Architecture;
}

const CPUS = { arm64: 'arm64', x86_64: 'x64' } as const;
const run = promisify(execFile);

/**
 * Installs the packages of `package-lock.json` beside this file, prebuilt for a platform, into `folder/node_modules`. npm
 * checks each package against the SHA-512 in the lock file, uses its own cache, and runs no scripts of packages.
 *
 * @throws Error with the folder and npm's output when npm is not installed or fails, or when it leaves out the binary,
 *   which is an optional package for npm
 */
export async function installSharp(folder: string, { os, architecture }: Platform): Promise<void> {
  const cpu = CPUS[architecture];
  await mkdir(folder, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) {
    await cp(join(import.meta.dirname, file), join(folder, file));
  }
  const platform = [`--os=${os}`, `--cpu=${cpu}`, '--libc=glibc'];
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'];
  const args = ['ci', ...platform, '--include=optional', '--ignore-scripts', '--no-bin-links', ...quiet];
  try {
    await run('npm', args, { cwd: folder });
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `The sharp layer for ${os} ${architecture} cannot be installed in ${folder}: npm must be on PATH and reach its ` +
        `registry. ${words.trim()}`,
      { cause },
    );
  }
  const binaries = await readdir(join(folder, 'node_modules/@img'));
  for (const name of [`sharp-${os}-${cpu}`, `sharp-libvips-${os}-${cpu}`]) {
    if (!binaries.includes(name)) {
      throw new Error(
        `npm left @img/${name} out of ${folder}: check that its registry has this package, then build the layer again`,
      );
    }
  }
}

/** The version of sharp that `package.json` beside this file pins. */
export async function sharpVersion(): Promise<string> {
  const text = await readFile(join(import.meta.dirname, 'package.json'), 'utf8');
  const { dependencies }: { dependencies: { sharp: string } } = JSON.parse(text);
  return dependencies.sharp;
}
