/** A registry of images on loopback. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Daemon, startDaemon, untilAnswers } from '../daemon.ts';
import { claimPort, HOST } from '../ports.ts';

const START_MS = 5 * 60_000;

/**
 * Starts an empty registry that keeps its images in a folder. Clients take plain HTTP from loopback, where it is.
 *
 * @param crane - the path of the program
 */
export async function startRegistry(
  crane: string,
  folder: string,
  logs: string,
): Promise<{ address: string; daemon: Daemon }> {
  mkdirSync(folder, { recursive: true });
  const address = `${HOST}:${await claimPort()}`;
  const daemon = startDaemon({
    name: 'registry',
    command: crane,
    args: ['registry', 'serve', '--address', address, '--disk', folder],
    logFile: join(logs, 'registry.log'),
  });
  await untilAnswers(daemon, async () => (await fetch(`http://${address}/v2/`)).ok, START_MS);
  return { address, daemon };
}
