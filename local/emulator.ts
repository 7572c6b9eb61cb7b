/**
 * Starts the embedded AWS emulator: a process group on loopback, with its state in a temporary folder. In front of it is a proxy,
 * the front, that rejects requests that AWS rejects.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { startDaemon, untilAnswers } from '../tools/daemon.ts';
import { claimPort, HOST } from '../tools/ports.ts';
import { type Front, startFront } from './front/front.ts';
import { CACHE, ensureEmulator } from './venv.ts';

export interface EmulatorOptions {
  /** The port; by default a free one. */
  readonly port?: number;
  readonly region?: string;
  /** The maximum number of concurrent Lambda invocations. Without a limit, the emulator starts a Node process for each queued event. */
  readonly accountConcurrency?: number;
  readonly asyncRetryBaseSeconds?: number;
  readonly asyncRetryMaxSeconds?: number;
  /** A factor for the waits and retry intervals of state machines; 1 by default. */
  readonly waitScale?: number;
  /** Enforce identity and bucket policies. */
  readonly auth?: boolean;
  /** Serve HTTPS with a self-signed certificate. */
  readonly tls?: boolean;
  /** The file for its output; by default `.cache/emulator.log`, which is overwritten. Each process of the tests has its own. */
  readonly logFile?: string;
  /** How long to wait for the first healthy answer, in seconds. */
  readonly startTimeoutSeconds?: number;
}

export interface Emulator {
  /** The URL of the front. The emulator uses it in the URLs that it returns, and for the functions that it runs. */
  readonly endpoint: string;
  /** The URL of the emulator itself, which accepts requests that AWS rejects. */
  readonly behindFront: string;
  readonly region: string;
  readonly port: number;
  readonly pid: number;
  readonly logFile: string;
  /** Only with `tls`: the certificate to trust. */
  readonly caFile?: string;
  /** Ends the process and all its workers, and removes its state. */
  stop(): Promise<void>;
}

/**
 * AWS's times between the attempts of a failed event: one minute, then two. The emulator counts an event that found no free
 * function as a failed attempt, which AWS does not: with short times it loses events when many come at once.
 * Source: docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export const RETRIES_OF_AWS = {
  accountConcurrency: 16,
  asyncRetryBaseSeconds: 60,
  asyncRetryMaxSeconds: 120,
} satisfies EmulatorOptions;

/** The emulator's variables for how many functions run at once and when a failed event goes again. */
export const limits = (options: EmulatorOptions): Record<string, string> => ({
  LAMBDA_ACCOUNT_CONCURRENCY: String(options.accountConcurrency ?? 10),
  LAMBDA_ASYNC_RETRY_BASE_SECONDS: String(options.asyncRetryBaseSeconds ?? 10),
  LAMBDA_ASYNC_RETRY_MAX_SECONDS: String(options.asyncRetryMaxSeconds ?? 30),
});

function environment(
  options: EmulatorOptions,
  port: number,
  region: string,
  state: string,
): NodeJS.ProcessEnv {
  return {
    // Functions run with the same Node as this process, not with another one on the machine.
    PATH: [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
    LANG: 'C.UTF-8',
    PYTHONUNBUFFERED: '1',
    HOME: state,
    TMPDIR: state,
    STATE_DIR: join(state, 'state'),
    S3_DATA_DIR: join(state, 's3'),
    MINISTACK_HOST: HOST,
    MINISTACK_REGION: region,
    BIND_HOST: HOST,
    // The port for the URLs that it returns. Its command line has the address on which it listens.
    GATEWAY_PORT: String(port),
    // Without this, its MQTT broker would listen on all addresses.
    IOT_MTLS_ENABLED: '0',
    ...limits(options),
    SFN_WAIT_SCALE: String(options.waitScale ?? 1),
    ...(options.auth ? { AUTH: 'true' } : {}),
    ...(options.tls ? { USE_SSL: '1' } : {}),
  };
}

/**
 * The arguments of Python. MiniStack's normal start would listen on the port in its URLs, which is the front's. So its server is
 * started in the way of MiniStack's `--detach`, in one process.
 *
 * @param address - host and port to listen on
 */
export function serverArguments(address: string, tls = false): string[] {
  return [
    ...['-m', 'hypercorn', 'ministack.app:app', '--bind', address],
    ...['--workers', '0', '--keep-alive', '75', '--log-level', 'INFO'],
    ...(tls ? ['--config', 'python:ministack.core.hypercorn_conf'] : []),
  ];
}

/** Whether the emulator's services answer. A TCP connection is not enough, as the server listens earlier. */
async function isHealthy(endpoint: string, tls: boolean): Promise<boolean> {
  if (tls) return isListening(endpoint);
  const response = await fetch(`${endpoint}/_ministack/health`, { signal: AbortSignal.timeout(1000) });
  await response.arrayBuffer();
  return response.ok;
}

function isListening(endpoint: string): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { rejectUnauthorized: false, timeout: 1000 };
    const request = get(`${endpoint}/_ministack/health`, options, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('error', () => resolve(false));
    request.on('timeout', () => request.destroy());
  });
}

/**
 * Installs the emulator if needed and starts it. Resolves when it answers. Rejects with one clear line when a port is in use or
 * Python is missing, and with the end of its log when it does not start.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const venv = await ensureEmulator();
  const port = await claimPort(options.port ?? 0);
  const region = options.region ?? 'us-east-1';
  const isTls = options.tls === true;
  const inner = await claimPort();
  const behindFront = `${isTls ? 'https' : 'http'}://${HOST}:${inner}`;
  mkdirSync(CACHE, { recursive: true });
  const logFile = options.logFile ?? join(CACHE, `emulator${process.env['VITEST_POOL_ID'] ?? ''}.log`);
  writeFileSync(logFile, '');
  const state = mkdtempSync(join(tmpdir(), 'emulator-'));
  const daemon = startDaemon({
    name: `the emulator on ${behindFront}`,
    command: join(venv, 'bin', 'python'),
    args: serverArguments(`${HOST}:${inner}`, isTls),
    folder: state,
    env: environment(options, port, region, state),
    logFile,
    graceMs: 3000,
    cleanUp: () => rmSync(state, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }),
  });
  const made = (file: string) => join(state, 'ministack-tls', file);
  let front: Front;
  try {
    const patienceMs = (options.startTimeoutSeconds ?? 30) * 1000;
    await untilAnswers(daemon, () => isHealthy(behindFront, isTls), patienceMs, 20);
    const tls = isTls ? { tls: { cert: made('server.crt'), key: made('server.key') } } : {};
    front = await startFront({ target: behindFront, port, ...tls });
  } catch (error) {
    await daemon.stop();
    throw error;
  }
  return {
    ...{ endpoint: front.endpoint, behindFront, region, port, pid: daemon.pid, logFile },
    ...(isTls && { caFile: made('server.crt') }),
    stop: async () => {
      await front.stop();
      await daemon.stop();
    },
  };
}
