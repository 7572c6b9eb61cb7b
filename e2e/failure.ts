/** What a failed run leaves to be looked at. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { runCommand } from '../tools/command.ts';
import { messageOf } from '../tools/errors.ts';
import type { Stage } from './stage.ts';

/** Copies a folder of logs. */
export function saveLogFiles(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  cpSync(from, to, { recursive: true });
}

/** Writes files into a folder; of what cannot be had the file says why. */
export function saveTo(folder: string) {
  return async (file: string, content: () => Promise<string> | string): Promise<void> => {
    const text = await Promise.resolve()
      .then(content)
      .catch((error: unknown) => `could not be had: ${messageOf(error)}`);
    writeFileSync(join(folder, file), text);
  };
}

/**
 * Saves everything about a failure: logs, events, claims, managed resources, and Crossplane's own trace of each claim.
 * What cannot be had is said in its file; nothing here throws.
 *
 * @param crossplane - the Crossplane CLI.
 */
export async function saveFailure(stage: Stage, crossplane: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const write = saveTo(folder);
  await write('events.txt', () =>
    stage.kubectl('get', 'events', '--all-namespaces', '--sort-by=.lastTimestamp'),
  );
  await write('claims.yaml', () => stringify(stage.pipelines.all()));
  await write('managed-resources.yaml', () =>
    stringify(stage.managed.flatMap((followed) => followed.all()).filter(({ kind }) => kind !== 'Object')),
  );
  await write('packages.txt', () => stage.kubectl('get', 'pkg,pkgrev', '-o', 'wide'));
  for (const { metadata } of stage.pipelines.all()) {
    const namespace = metadata.namespace ?? 'default';
    await write(`trace-${namespace}-${metadata.name}.txt`, () =>
      runCommand(
        crossplane,
        [
          'resource',
          'trace',
          'fileingestpipeline.fileingest.dev',
          metadata.name,
          '-n',
          namespace,
          '-o',
          'wide',
        ],
        { env: { ...process.env, KUBECONFIG: stage.substrate.kubeconfig } },
      ),
    );
  }
  await stage.substrate.saveLogs(join(folder, 'logs')).catch((error: unknown) => {
    writeFileSync(join(folder, 'logs.txt'), `could not be had: ${String(error)}`);
  });
}
