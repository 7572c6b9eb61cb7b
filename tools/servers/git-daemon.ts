/** Serves bare git repositories on loopback, read-only: git's own daemon. */
import { basename, dirname, join } from 'node:path';
import { type Daemon, startDaemon, untilAnswers } from '../daemon.ts';
import { accepts, claimPort, HOST } from '../ports.ts';

const START_MS = 10_000;

/** Starts it. The URL is that of the repository, such as `git://127.0.0.1:40123/fileingest.git`. */
export async function serveRepository(bare: string, logs: string): Promise<{ url: string; daemon: Daemon }> {
  const port = await claimPort();
  const daemon = startDaemon({
    name: 'git daemon',
    command: 'git',
    args: [
      ...['daemon', '--export-all', '--reuseaddr', `--listen=${HOST}`, `--port=${port}`],
      ...[`--base-path=${dirname(bare)}`, dirname(bare)],
    ],
    logFile: join(logs, 'git-daemon.log'),
  });
  await untilAnswers(daemon, () => accepts(port), START_MS);
  return { url: `git://${HOST}:${port}/${basename(bare)}`, daemon };
}
