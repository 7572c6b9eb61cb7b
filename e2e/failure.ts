/** What a failed run leaves to be looked at. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { runCommand } from '../tools/command.ts';
import { messageOf } from '../tools/errors.ts';
import type { Claims, Stage } from './stage.ts';
import type { SubstrateBase } from './substrate.ts';

/** What writes each file. */
type Files = Readonly<Record<string, () => Promise<string> | string>>;

/** What every stage has of what a failure is saved from. */
interface Failed {
  readonly substrate: Pick<SubstrateBase, 'saveLogs'>;
  kubectl(...args: string[]): Promise<string>;
  claims(): Promise<Claims>;
}

/**
 * Saves claims, managed resources, events, packages and all logs. What cannot be had is said in its file; nothing here throws.
 *
 * @param more - further files.
 */
export async function saveFailure(
  { substrate, kubectl, claims }: Failed,
  folder: string,
  more: Files,
): Promise<void> {
  const files: Files = {
    'events.txt': () => kubectl('get', 'events', '--all-namespaces', '--sort-by=.lastTimestamp'),
    'packages.txt': () => kubectl('get', 'pkg,pkgrev', '-o', 'wide'),
    'claims.yaml': async () => stringify((await claims()).pipelines.all()),
    'managed-resources.yaml': async () =>
      stringify((await claims()).managed.flatMap((one) => one.all()).filter(({ kind }) => kind !== 'Object')),
    ...more,
  };
  mkdirSync(folder, { recursive: true });
  for (const [file, content] of Object.entries(files)) {
    const text = await Promise.resolve()
      .then(content)
      .catch((error: unknown) => `could not be had: ${messageOf(error)}`);
    writeFileSync(join(folder, file), text);
  }
  await substrate.saveLogs(join(folder, 'logs')).catch((error: unknown) => {
    writeFileSync(join(folder, 'logs.txt'), `could not be had: ${messageOf(error)}`);
  });
}

/**
 * What Crossplane says of each claim, a file each.
 *
 * @param crossplane - the Crossplane CLI.
 */
export function tracesOf({ pipelines, substrate }: Stage, crossplane: string): Files {
  const env = { ...process.env, KUBECONFIG: substrate.kubeconfig };
  return Object.fromEntries(
    pipelines.all().map(({ metadata: { name, namespace = 'default' } }) => {
      const args = ['resource', 'trace', 'fileingestpipeline.fileingest.dev', name, '-n', namespace];
      const trace = () => runCommand(crossplane, [...args, '-o', 'wide'], { env });
      return [`trace-${namespace}-${name}.txt`, trace];
    }),
  );
}
