/** The function's releases as processes over mutual TLS, each at an endpoint that Crossplane is told. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Daemon, startDaemon, untilAnswers } from '../../../tools/daemon.ts';
import { accepts, claimPort } from '../../../tools/ports.ts';
import { signServer } from '../../../tools/servers/certificates.ts';
import type { FunctionRelease } from '../../substrate.ts';
import { START_MS } from '../../waits.ts';

interface Running {
  readonly endpoint: string;
  /** Starts the process, each time at the same endpoint. */
  launch(): Promise<Daemon>;
  daemon: Daemon;
}

export type FunctionRuntime = ReturnType<typeof createFunctionRuntime>;

/**
 * Runs no release yet.
 *
 * @param authority - that signs the functions' certificates, as files.
 */
export function createFunctionRuntime(authority: { crt: string; key: string }, folder: string, logs: string) {
  const running = new Map<string, Running>();

  const run = async ({ version, folder: bundle }: FunctionRelease): Promise<Running> => {
    const certificates = join(folder, version);
    await signServer(certificates, authority, ['DNS:localhost']);
    copyFileSync(authority.crt, join(certificates, 'ca.crt'));
    const port = await claimPort();
    const health = await claimPort();
    const launch = async () => {
      const daemon = startDaemon({
        name: `function ${version}`,
        command: process.execPath,
        args: [
          ...[join(bundle, 'main.js'), '--address', `127.0.0.1:${port}`],
          // Earlier releases do not read the environment.
          ...['--tls-server-certs-dir', certificates],
        ],
        env: { ...process.env, TLS_SERVER_CERTS_DIR: certificates, HEALTH_ADDRESS: `127.0.0.1:${health}` },
        logFile: join(logs, `function-${version}.log`),
      });
      await untilAnswers(daemon, () => accepts(port), START_MS);
      return daemon;
    };
    return { endpoint: `dns:///localhost:${port}`, launch, daemon: await launch() };
  };

  return {
    /** Where a release of this version listens, as gRPC names it; undefined when none runs. */
    endpointOf: (version: string) => running.get(version)?.endpoint,
    /** Starts a release beside the one that runs. */
    start: async (release: FunctionRelease) => {
      await running.get(release.version)?.daemon.stop();
      running.set(release.version, await run(release));
    },
    /** Ends every other release. */
    keepOnly: async (version: string) => {
      for (const [other, { daemon }] of running) {
        if (other === version) continue;
        running.delete(other);
        await daemon.stop();
      }
    },
    /** Kills the running release at once and starts it again, as a Deployment would. */
    kill: async () => {
      for (const release of running.values()) {
        await release.daemon.stop('SIGKILL');
        release.daemon = await release.launch();
      }
    },
    stop: async () => {
      await Promise.all([...running.values()].map(({ daemon }) => daemon.stop()));
    },
  };
}
