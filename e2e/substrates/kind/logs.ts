/** Writes what every part of the cluster said. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../../tools/errors.ts';
import { containerLogs, docker, listContainers } from './containers.ts';
import { kubectl } from './kubernetes.ts';
import { NAMESPACE, type Names } from './names.ts';
import { type Command, type Run, wordsOf } from './run.ts';

/**
 * One file a part. What cannot be had leaves its reason in its file: logs are wanted most when something is broken.
 *
 * @param folder - made if it is not there.
 * @param namespaces - whose pods' logs are saved, besides Crossplane's.
 * @param containers - others than the registry and the emulator, by the names of their files without `.log`.
 */
export async function saveLogs(
  run: Run,
  names: Names,
  folder: string,
  namespaces: readonly string[] = [],
  containers: Readonly<Record<string, string>> = {},
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const save = async (file: string, command: Command) => {
    const said = await run(command).then(
      ({ stdout, stderr }) => stdout + stderr,
      (error: unknown) => `${messageOf(error)}\n`,
    );
    await writeFile(join(folder, file), said);
  };
  const listed = (command: Command) => wordsOf(run, command).catch(() => []);

  await save('events.txt', kubectl(names, 'get', 'events', '--all-namespaces', '--sort-by=.lastTimestamp'));
  await save('pods.txt', kubectl(names, 'get', 'pods', '--all-namespaces', '--output', 'wide'));
  await save('packages.txt', kubectl(names, 'get', 'pkg,pkgrev,imageconfig', '--output', 'wide'));
  const ours = { emulator: names.emulator, front: names.front, registry: names.registry, ...containers };
  for (const [file, container] of Object.entries(ours)) await save(`${file}.log`, containerLogs(container));
  const ofKind = ['export', 'logs', join(folder, 'kind'), '--name', names.cluster];
  await save('kind.txt', { program: 'kind', args: ofKind });

  const ids = await listed(listContainers(names));
  if (ids.length > 0) await save('containers.json', docker('inspect', ...ids));

  for (const namespace of [NAMESPACE, ...namespaces]) {
    const inNamespace = ['--namespace', namespace];
    for (const pod of await listed(kubectl(names, 'get', 'pods', ...inNamespace, '--output', 'name'))) {
      const name = pod.replace('pod/', '');
      const logs = ['logs', pod, ...inNamespace, '--all-containers', '--prefix', '--timestamps'];
      await save(`${name}.log`, kubectl(names, ...logs));
      // Of a container that never ended there is nothing, which is no news.
      const previous = await run(kubectl(names, ...logs, '--previous')).catch(() => undefined);
      if (previous !== undefined) await writeFile(join(folder, `${name}.previous.log`), previous.stdout);
    }
  }
}
