/** provider-upjet-aws as one process with the controllers of all kinds that are active. */
import { join } from 'node:path';
import { type Daemon, startDaemon, untilAnswers } from '../../../tools/daemon.ts';
import { claimPort, HOST } from '../../../tools/ports.ts';
import { START_MS } from '../../waits.ts';

export interface HostOptions {
  /** Where logs are written, begun anew by each run. */
  readonly logs: string;
  readonly region: string;
  /** How often the provider looks for drift, such as `30s`. */
  readonly pollInterval: string;
}

/**
 * Starts the provider. Resolves when its controllers run.
 *
 * @param proxy - URL of the proxy that AWS is behind.
 */
export async function startProvider(
  binary: string,
  kubeconfig: string,
  proxy: string,
  { logs, region, pollInterval }: HostOptions,
): Promise<Daemon> {
  const health = await claimPort();
  const daemon = startDaemon({
    name: 'provider-aws',
    command: binary,
    args: [
      // No certificates, no webhooks: only one version of each definition is served.
      '--certs-dir=',
      `--poll=${pollInterval}`,
      `--metrics-bind-address=${HOST}:${await claimPort()}`,
      `--health-probe-bind-addr=${HOST}:${health}`,
    ],
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      KUBECONFIG: kubeconfig,
      AWS_REGION: region,
      HTTP_PROXY: proxy,
      NO_PROXY: `${HOST},localhost`,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    logFile: join(logs, 'provider-aws.log'),
  });
  // Without webhooks it has no readiness check, and answers 404; that it answers tells that its controllers run.
  await untilAnswers(daemon, () => fetch(`http://${HOST}:${health}/readyz`).then(() => true), START_MS);
  return daemon;
}
