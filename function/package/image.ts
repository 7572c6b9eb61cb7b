/** The function's image, by the container engine that `docker` speaks to. */
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

const ROOT = resolve(import.meta.dirname, '../..');

export const ARCHITECTURES = ['amd64', 'arm64'] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

const run = promisify(execFile);

/** Why there is no container engine; undefined where one answers. */
export async function whyNoEngine(): Promise<string | undefined> {
  try {
    await run('docker', ['version', '--format', '{{.Server.Version}}']);
    return undefined;
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (missing) return '`docker` was not found';
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    return said.trim().replace(/\.$/, '');
  }
}

/** Debian's Docker has BuildKit but no buildx; elsewhere `docker build` may leave the image in the builder. */
async function builder(): Promise<readonly string[]> {
  return run('docker', ['buildx', 'version']).then(
    () => ['buildx', 'build', '--load'],
    () => ['build'],
  );
}

/**
 * Builds the function's image for one architecture.
 *
 * `NODE_IMAGE` and `BASE_IMAGE` of the environment take the place of the images that the Dockerfile starts from, and
 * `DOCKER_BUILD_FLAGS`, words with spaces between, are added to the command.
 *
 * @returns its tag.
 * @throws with what the builder said.
 */
export async function buildImage(architecture: Architecture, version: string): Promise<string> {
  const { NODE_IMAGE, BASE_IMAGE, DOCKER_BUILD_FLAGS = '' } = process.env;
  const revision = await run('git', ['rev-parse', 'HEAD'], { cwd: ROOT }).then(
    ({ stdout }) => stdout.trim(),
    () => 'unknown',
  );
  const args = Object.entries({ NODE_IMAGE, BASE_IMAGE, VERSION: version, REVISION: revision });
  const tag = `function-fileingest:${version}-${architecture}`;
  const command = [
    ...(await builder()),
    ...['--file', 'function/Dockerfile', '--platform', `linux/${architecture}`, '--tag', tag],
    ...args.flatMap(([name, value]) => (value === undefined ? [] : ['--build-arg', `${name}=${value}`])),
    ...DOCKER_BUILD_FLAGS.split(' ').filter(Boolean),
    '.',
  ];
  const env = { ...process.env, DOCKER_BUILDKIT: '1' };
  await run('docker', command, { cwd: ROOT, env, maxBuffer: 1 << 26 });
  return tag;
}

/** Writes an image into a file as `docker save` does. */
export async function saveImage(tag: string, file: string): Promise<void> {
  await run('docker', ['save', '--output', file, tag]);
}
