import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../emulator.ts';

let emulator: Emulator | undefined;
afterEach(async () => {
  await emulator?.stop();
  emulator = undefined;
});

/** Local addresses (hexadecimal, as the kernel has them) on which a process listens. */
function listening(pid: number): string[] {
  const sockets = new Set<string>();
  for (const fd of readdirSync(`/proc/${pid}/fd`)) {
    const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
    if (inode !== undefined) sockets.add(inode);
  }
  const LISTEN = '0A';
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === LISTEN && sockets.has(inode ?? ''))
      .map(([, address]) => address?.split(':')[0] ?? ''),
  );
}

const onLinux = process.platform === 'linux';
it.skipIf(!onLinux)('listens on loopback only (read from /proc, so on Linux only)', async () => {
  emulator = await startEmulator();
  expect(listening(emulator.pid)).toEqual(['0100007F']);
});

it('says in one line that a port is taken', async () => {
  emulator = await startEmulator();
  const { port } = emulator;
  await expect(startEmulator({ port })).rejects.toThrow(
    `port ${port} on 127.0.0.1 is taken: stop what listens there, or name another`,
  );
});
