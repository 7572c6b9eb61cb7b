/**
 * The embedded AWS emulator: one process group on loopback, with its state in a temporary folder, behind a front that refuses
 * what AWS refuses.
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
  /** A port of one's own; by default a free one is taken. */
  port?: number;
  region?: string;
  /** Lambda invocations that run at once. Without a cap the emulator starts one Node a queued event. */
  accountConcurrency?: number;
  asyncRetryBaseSeconds?: number;
  asyncRetryMaxSeconds?: number;
  /** How long a state machine's waits and retries take of what they say; all of it when absent. */
  waitScale?: number;
  /** Enforce identity and bucket policies. */
  auth?: boolean;
  /** Serve HTTPS with a certificate of its own. */
  tls?: boolean;
  /** Where its output goes; by default `.cache/emulator.log`, begun anew. */
  logFile?: string;
  /** Seconds to wait for its first healthy answer. */
  startTimeoutSeconds?: number;
}

export interface Emulator {
  /** The front's. The emulator names it in URLs of its own, and to the functions that it runs. */
  endpoint: string;
  /** The emulator's own, which takes what AWS refuses. */
  behindFront: string;
  region: string;
  port: number;
  pid: number;
  logFile: string;
  /** Only with `tls`: the certificate to trust. */
  caFile?: string;
  /** Ends the process and every worker that it started, and removes its state. */
  stop(): Promise<void>;
}

function environment(
  options: EmulatorOptions,
  port: number,
  region: string,
  state: string,
): NodeJS.ProcessEnv {
  return {
    // Functions run with the Node that runs this, not with whatever the machine has.
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
    // What it tells others; where it listens is said on its command line.
    GATEWAY_PORT: String(port),
    // Its MQTT broker would listen on all addresses.
    IOT_MTLS_ENABLED: '0',
    LAMBDA_ACCOUNT_CONCURRENCY: String(options.accountConcurrency ?? 10),
    LAMBDA_ASYNC_RETRY_BASE_SECONDS: String(options.asyncRetryBaseSeconds ?? 10),
    LAMBDA_ASYNC_RETRY_MAX_SECONDS: String(options.asyncRetryMaxSeconds ?? 30),
    SFN_WAIT_SCALE: String(options.waitScale ?? 1),
    ...(options.auth ? { AUTH: 'true' } : {}),
    ...(options.tls ? { USE_SSL: '1' } : {}),
  };
}

/**
 * What Python is told. MiniStack's own start would listen on the port that it names to others, which is the front's. So its
 * server is started as MiniStack does for `--detach`, in one process.
 *
 * @param address - host and port to listen on.
 */
export function serverArguments(address: string, tls = false): string[] {
  return [
    ...['-m', 'hypercorn', 'ministack.app:app', '--bind', address],
    ...['--workers', '0', '--keep-alive', '75', '--log-level', 'INFO'],
    ...(tls ? ['--config', 'python:ministack.core.hypercorn_conf'] : []),
  ];
}

/** A TCP connection is not enough: the server listens before its services answer. */
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
 * Installs the emulator where needed and starts it. Resolves when it answers; rejects with one clear line when a port is
 * taken or Python is missing, and with the end of its log when it does not come up.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const venv = await ensureEmulator();
  const port = await claimPort(options.port ?? 0);
  const region = options.region ?? 'us-east-1';
  const isTls = options.tls === true;
  const inner = await claimPort();
  const behindFront = `${isTls ? 'https' : 'http'}://${HOST}:${inner}`;
  mkdirSync(CACHE, { recursive: true });
  const logFile = options.logFile ?? join(CACHE, 'emulator.log');
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
