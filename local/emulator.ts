/**
 * Starts the embedded AWS emulator: a process group on loopback, with its state in a temporary folder. In front of it is a proxy,
 * the front, that rejects requests that AWS rejects.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { claimPort, HOST } from '../tools/ports.ts';
import { endWithThisProcess, groupLives, killGroup } from '../tools/process-group.ts';
import { type Front, startFront } from './front/front.ts';
import { CACHE, ensureEmulator } from './venv.ts';

export { ensureEmulator };

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
  /** The file for its output; by default `.cache/emulator.log`, which is overwritten. */
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
    LAMBDA_ACCOUNT_CONCURRENCY: String(options.accountConcurrency ?? 10),
    LAMBDA_ASYNC_RETRY_BASE_SECONDS: String(options.asyncRetryBaseSeconds ?? 10),
    LAMBDA_ASYNC_RETRY_MAX_SECONDS: String(options.asyncRetryMaxSeconds ?? 30),
    SFN_WAIT_SCALE: String(options.waitScale ?? 1),
    ...(options.auth ? { AUTH: 'true' } : {}),
    ...(options.tls ? { USE_SSL: '1' } : {}),
  };
}

function tail(logFile: string): string {
  return readFileSync(logFile, 'utf8').trim().split('\n').slice(-15).join('\n');
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
  try {
    if (tls) return await isListening(endpoint);
    const response = await fetch(`${endpoint}/_ministack/health`, { signal: AbortSignal.timeout(1000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

async function isListening(endpoint: string): Promise<boolean> {
  const { get } = await import('node:https');
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

async function until(condition: () => boolean | Promise<boolean>, timeoutMs: number): Promise<boolean> {
  for (const end = Date.now() + timeoutMs; Date.now() < end; await delay(20)) {
    if (await condition()) return true;
  }
  return condition();
}

/**
 * Installs the emulator if needed and starts it. Resolves when it answers. Rejects with one clear line when a port is in use or
 * Python is missing, and with the end of its log when it does not start.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const venv = await ensureEmulator();
  const port = await claimPort(options.port ?? 0);
  const region = options.region ?? 'us-east-1';
  const inner = await claimPort();
  const behindFront = `${options.tls ? 'https' : 'http'}://${HOST}:${inner}`;
  mkdirSync(CACHE, { recursive: true });
  const logFile = options.logFile ?? join(CACHE, 'emulator.log');
  const state = mkdtempSync(join(tmpdir(), 'emulator-'));
  // Append mode, so that two emulators with the same file do not overwrite each other's lines.
  writeFileSync(logFile, '');
  const log = openSync(logFile, 'a');
  const child: ChildProcess = spawn(
    join(venv, 'bin', 'python'),
    serverArguments(`${HOST}:${inner}`, options.tls),
    {
      cwd: state,
      env: environment(options, port, region, state),
      stdio: ['ignore', log, log],
      // It leads a new process group, so that its Node workers end with it.
      detached: true,
    },
  );
  closeSync(log);
  let exited = false;
  child.once('exit', () => (exited = true));
  child.once('error', () => (exited = true));
  const pid = child.pid;
  const removeState = (): void =>
    rmSync(state, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  if (pid === undefined) {
    removeState();
    throw new Error(`${venv} has no emulator to run: remove that folder and run again`);
  }
  child.unref();
  const callOff = endWithThisProcess(() => {
    killGroup(pid, 'SIGKILL');
    removeState();
  });
  let front: Front | undefined;
  const stop = async (): Promise<void> => {
    await front?.stop();
    killGroup(pid, 'SIGTERM');
    if (!(await until(() => exited, 3000))) killGroup(pid, 'SIGKILL');
    killGroup(pid, 'SIGKILL');
    await until(() => exited && !groupLives(pid), 3000);
    callOff();
    removeState();
  };
  const seconds = options.startTimeoutSeconds ?? 30;
  await until(async () => exited || (await isHealthy(behindFront, options.tls === true)), seconds * 1000);
  if (exited || !(await isHealthy(behindFront, options.tls === true))) {
    await stop();
    const why = exited ? 'ended at once' : `did not answer within ${seconds} s`;
    throw new Error(`the emulator on ${behindFront} ${why}. The end of its log:\n${tail(logFile)}`);
  }
  const made = (file: string) => join(state, 'ministack-tls', file);
  const tls = options.tls ? { tls: { cert: made('server.crt'), key: made('server.key') } } : {};
  try {
    front = await startFront({ target: behindFront, port, ...tls });
  } catch (error) {
    await stop();
    throw error;
  }
  const { endpoint } = front;
  const caFile = options.tls ? { caFile: made('server.crt') } : {};
  return { endpoint, behindFront, region, port, pid, logFile, ...caFile, stop };
}
