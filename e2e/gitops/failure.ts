/** What a failed GitOps scenario leaves to be looked at. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { saveTo } from '../failure.ts';
import type { GitOpsStage } from './stage.ts';

/** Saves Applications, claims, managed resources, events, the repository's history and all logs. Nothing here throws. */
export async function saveGitOpsFailure(stage: GitOpsStage, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const write = saveTo(folder);
  await write('applications.yaml', () => stringify(stage.applications.all()));
  await write('events.txt', () => stage.kubectl('get', 'events', '-A', '--sort-by=.lastTimestamp'));
  await write('packages.txt', () => stage.kubectl('get', 'pkg,pkgrev', '-o', 'wide'));
  await write('git.txt', () => stage.repository.git('log', '--patch', '--max-count=5'));
  await write('claims.yaml', async () => stringify((await stage.claims()).pipelines.all()));
  await write('managed-resources.yaml', async () =>
    stringify(
      (await stage.claims()).managed
        .flatMap((followed) => followed.all())
        .filter(({ kind }) => kind !== 'Object'),
    ),
  );
  await stage.substrate.saveLogs(join(folder, 'logs')).catch((error: unknown) => {
    writeFileSync(join(folder, 'logs.txt'), `could not be had: ${String(error)}`);
  });
}
