/**
 * Starts the function's server. It accepts the SDK's flags and these environment variables:
 *
 * - `TLS_SERVER_CERTS_DIR`: the folder of the certificates; Crossplane sets it
 * - `HEALTH_ADDRESS`, such as `0.0.0.0:8081`: a second address for health checks, without TLS. The gRPC probes of Kubernetes do not
 *   support TLS, and Crossplane requires it. When it is not set, only the function's own port answers health checks.
 *
 * The handlers' zips are in a folder beside the bundle.
 */

import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  FunctionRunner,
  FunctionRunnerServiceService,
  fromCompose,
  getServerCredentials,
  helpText,
  parseArgs,
} from '@crossplane-org/function-sdk-typescript';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { pino } from 'pino';
import { readCatalogue } from './catalogue.ts';
import { createCompose } from './compose.ts';
import { messageOf } from './errors.ts';
import { createHealth } from './health.ts';
import { createServer } from './server.ts';

type Options = ReturnType<typeof parseArgs>;

const NAME = 'function-fileingest';
/** How long running requests can take to finish after a signal. A render takes milliseconds, and Kubernetes kills the process after 30 s. */
const DRAIN_MS = 5_000;

function readOptions(): Options {
  const folder = process.env['TLS_SERVER_CERTS_DIR'];
  try {
    // The last value wins, so a flag overrides the environment.
    return parseArgs([...(folder ? ['--tls-server-certs-dir', folder] : []), ...process.argv.slice(2)]);
  } catch (error) {
    process.stderr.write(`${NAME}: ${messageOf(error)}\nTry '${NAME} --help' for the flags.\n`);
    process.exit(2);
  }
}

/**
 * The server does not check the client's certificate. Crossplane 2.3 creates a client certificate with the subject of its authority and
 * without a key identifier, so OpenSSL treats it as self-signed.
 */
function readCredentials(options: Options): ServerCredentials {
  try {
    return getServerCredentials(options);
  } catch (error) {
    const fix = 'Name their folder with --tls-server-certs-dir, or run without TLS by --insecure.';
    throw new Error(`the certificates cannot be read: ${messageOf(error)}. ${fix}`);
  }
}

const listen = (server: Server, address: string, credentials: ServerCredentials) =>
  new Promise<void>((resolve, reject) => {
    server.bindAsync(address, credentials, (error) => (error ? reject(error) : resolve()));
  });

const options = readOptions();
if (options.help) {
  process.stdout.write(`${helpText(NAME)}\n`);
  process.exit(0);
}
const logger = pino({
  level: options.debug ? 'debug' : 'info',
  formatters: { level: (label) => ({ severity: label.toUpperCase() }) },
});

const [, service = ''] = FunctionRunnerServiceService.runFunction.path.split('/');
const health = createHealth([service]);

/** The server. Undefined until it has started. */
let server: Server | undefined;

async function start(): Promise<void> {
  const handlers = join(dirname(fileURLToPath(import.meta.url)), 'handlers');
  const runner = new FunctionRunner(fromCompose(createCompose(readCatalogue(handlers))), logger);
  server = createServer(runner, logger);
  health.addTo(server);
  await listen(server, options.address, readCredentials(options));
  logger.info(`server started and listening on ${options.address}`);
  const probed = process.env['HEALTH_ADDRESS'];
  if (probed) {
    const prober = new Server();
    health.addTo(prober);
    await listen(prober, probed, ServerCredentials.createInsecure());
    logger.info(`health checks are answered on ${probed}`);
  }
}

/** Stops accepting requests and waits for running ones. Until the end, the health port answers NOT_SERVING. */
async function shutDown(signal: NodeJS.Signals): Promise<never> {
  health.turn('NOT_SERVING');
  logger.info(`received ${signal}, shutting down`);
  const drained = new Promise<true>((resolve) =>
    server ? server.tryShutdown(() => resolve(true)) : resolve(true),
  );
  const inTime = await Promise.race([drained, delay(DRAIN_MS, false)]);
  if (inTime) logger.info('server shut down');
  else logger.error(`requests were still running after ${DRAIN_MS / 1000} s, and are cut off`);
  process.exit(inTime ? 0 : 1);
}

// Registered before the start, so that no signal is missed. `once`, so that a second signal ends the process immediately.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void shutDown(signal));
try {
  await start();
} catch (error) {
  logger.fatal(`the server cannot start: ${messageOf(error)}`);
  process.exit(1);
}
