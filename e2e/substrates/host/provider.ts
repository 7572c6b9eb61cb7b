/** provider-upjet-aws as one process with the controllers of all kinds that are active. */
import { join } from 'node:path';
import { type Daemon, startDaemon, untilAnswers } from '../../../tools/daemon.ts';
import { claimPort, HOST } from '../../../tools/ports.ts';

const START_MS = 120_000;

export interface ProviderOptions {
  readonly binary: string;
  readonly kubeconfig: string;
  /** URL of the proxy that AWS is behind. */
  readonly proxy: string;
  readonly region: string;
  /** How often it looks for drift, such as `30s`. */
  readonly pollInterval: string;
  readonly logs: string;
}

/** Starts the provider. Resolves when its controllers run. */
export async function startProvider(options: ProviderOptions): Promise<Daemon> {
  const health = await claimPort();
  const daemon = startDaemon({
    name: 'provider-aws',
    command: options.binary,
    args: [
      // No certificates, no webhooks: only one version of each definition is served.
      '--certs-dir=',
      `--poll=${options.pollInterval}`,
      `--metrics-bind-address=${HOST}:${await claimPort()}`,
      `--health-probe-bind-addr=${HOST}:${health}`,
    ],
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      KUBECONFIG: options.kubeconfig,
      AWS_REGION: options.region,
      HTTP_PROXY: options.proxy,
      NO_PROXY: `${HOST},localhost`,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    logFile: join(options.logs, 'provider-aws.log'),
  });
  // Without webhooks it has no readiness check, and answers 404; that it answers tells that its controllers run.
  await untilAnswers(daemon, () => fetch(`http://${HOST}:${health}/readyz`).then(() => true), START_MS);
  return daemon;
}
