/** Writes what every part of the cluster said. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../../tools/errors.ts';
import { containerLogs, exportLogs, inspectContainers, listContainers } from './containers.ts';
import { kubectl } from './kubernetes.ts';
import { NAMESPACE, type Names } from './names.ts';
import type { Command, Run } from './run.ts';

/** What a substrate runs besides Crossplane, the registry and the emulator. */
export interface Besides {
  /** Their pods' logs are saved too. */
  readonly namespaces?: readonly string[];
  /** Containers, by the names of their files without `.log`. */
  readonly containers?: Readonly<Record<string, string>>;
}

/**
 * One file a part. What cannot be had leaves its reason in its file: logs are wanted most when something is broken.
 *
 * @param folder - made if it is not there.
 */
export async function saveLogs(
  run: Run,
  names: Names,
  folder: string,
  { namespaces = [], containers = {} }: Besides = {},
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const told = async (command: Command): Promise<string> => {
    try {
      const { stdout, stderr } = await run(command);
      return stdout + stderr;
    } catch (error) {
      return `${messageOf(error)}\n`;
    }
  };
  const save = async (file: string, command: Command) => writeFile(join(folder, file), await told(command));

  await save('events.txt', kubectl(names, 'get', 'events', '--all-namespaces', '--sort-by=.lastTimestamp'));
  await save('pods.txt', kubectl(names, 'get', 'pods', '--all-namespaces', '--output', 'wide'));
  await save('packages.txt', kubectl(names, 'get', 'pkg,pkgrev,imageconfig', '--output', 'wide'));
  const ours = { emulator: names.emulator, front: names.front, registry: names.registry, ...containers };
  for (const [file, container] of Object.entries(ours)) await save(`${file}.log`, containerLogs(container));
  await save('kind.txt', exportLogs(names, join(folder, 'kind')));

  const ids = (await run(listContainers(names)).catch(() => ({ stdout: '' }))).stdout
    .split(/\s+/)
    .filter(Boolean);
  if (ids.length > 0) await save('containers.json', inspectContainers(ids));

  for (const namespace of [NAMESPACE, ...namespaces]) {
    const inNamespace = ['--namespace', namespace];
    const pods = await run(kubectl(names, 'get', 'pods', ...inNamespace, '--output', 'name')).catch(() => ({
      stdout: '',
    }));
    for (const pod of pods.stdout.split(/\s+/).filter(Boolean)) {
      const name = pod.replace('pod/', '');
      const logs = ['logs', pod, ...inNamespace, '--all-containers', '--prefix', '--timestamps'];
      await save(`${name}.log`, kubectl(names, ...logs));
      // Of a container that never ended there is nothing, which is no news.
      const previous = await run(kubectl(names, ...logs, '--previous')).catch(() => undefined);
      if (previous !== undefined) await writeFile(join(folder, `${name}.previous.log`), previous.stdout);
    }
  }
}
