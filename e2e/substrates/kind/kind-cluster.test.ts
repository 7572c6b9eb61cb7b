import { expect, it } from 'vitest';
import { containerLogs } from './containers.ts';
import { checkEngine, createKindCluster } from './kind-cluster.ts';
import { namesOf } from './names.ts';
import type { Run } from './run.ts';
import { part, removeAll } from './start-cluster.ts';

it('is started before it is used', async () => {
  const options = { emulator: 'ministack', region: 'eu-west-1', keep: false } as const;
  const { emulatorEndpoint, stop } = createKindCluster('test', options);
  expect(emulatorEndpoint).toThrow('the kind substrate is not started: call start first');
  await expect(stop()).resolves.toBeUndefined();
});

it('says what to do without Docker', async () => {
  await expect(checkEngine(() => Promise.reject(new Error('spawn docker ENOENT')))).rejects.toThrow(
    'kind needs Docker, and it does not answer. Start Docker (https://docs.docker.com/engine/install), or use SUBSTRATE=host. spawn docker ENOENT',
  );
});

it('tells which part did not come up, with the end of each log that there is', async () => {
  const run: Run = async ({ args }) => {
    if (args.at(-1) === 'gone') throw new Error('No such container');
    return { stdout: '', stderr: `early${'\nlate'.repeat(20)}\n` };
  };
  const bringUp = () => Promise.reject(new Error('exit code 1'));
  const logs = ['gone', 'registry'].map(containerLogs);
  await expect(part({ run, say: () => {} }, 'registry', bringUp, logs)).rejects.toThrow(
    new Error(`registry did not come up: exit code 1${'\nlate'.repeat(20)}`),
  );
});

it('goes on when a removal fails, and tells of each', async () => {
  const run: Run = async ({ args }) => {
    if (args[0] === 'ps' || args[1] === 'ls') return { stdout: 'a\nb\na\n', stderr: '' };
    throw new Error(args[0] === 'delete' ? 'cannot delete' : args.join(' '));
  };
  await expect(removeAll(run, namesOf('test'))).rejects.toThrow(
    'cluster test could not be removed: cannot delete; rm --force --volumes a b; image rm --force a b',
  );
});
