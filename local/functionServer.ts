/** The composition function as it ships: its bundle in a process of its own, spoken to over gRPC. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import {
  FunctionRunnerServiceService,
  type RunFunctionRequest,
  type RunFunctionResponse,
} from '@crossplane-org/function-sdk-typescript';
import { Client, credentials } from '@grpc/grpc-js';

const BUNDLE = fileURLToPath(new URL('../dist/function/main.js', import.meta.url));
const START_TIMEOUT_MS = 20_000;

export interface FunctionServer {
  pid: number;
  /** Runs the function once. Rejects when the server is gone. */
  run(request: RunFunctionRequest): Promise<RunFunctionResponse>;
  stop(): Promise<void>;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

/** A client of a function that listens on an address such as `127.0.0.1:9443`, without TLS. */
export function connect(address: string) {
  const client = new Client(address, credentials.createInsecure(), {
    // A server that is just starting is tried again soon, not after gRPC's second.
    'grpc.initial_reconnect_backoff_ms': 50,
    'grpc.max_reconnect_backoff_ms': 500,
  });
  const { path, requestSerialize, responseDeserialize } = FunctionRunnerServiceService.runFunction;
  return {
    ready: (timeoutMs: number) =>
      new Promise<void>((resolve, reject) => {
        client.waitForReady(Date.now() + timeoutMs, (error) => (error ? reject(error) : resolve()));
      }),
    run: (request: RunFunctionRequest) =>
      new Promise<RunFunctionResponse>((resolve, reject) => {
        client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, (error, response) =>
          response ? resolve(response) : reject(error ?? new Error(`${address} answered nothing`)),
        );
      }),
    close: () => client.close(),
  };
}

/**
 * Starts the function on a free port of loopback.
 *
 * @param script - what to start; the bundle that ships unless another takes its place.
 * @throws with the server's own output when it does not come up.
 */
export async function startFunction(script: string = BUNDLE): Promise<FunctionServer> {
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(process.execPath, [script, '--insecure', '--address', address], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-4000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const client = connect(address);
  const failed = ended.then(() => {
    throw new Error(
      `the function's server ended. Build it with \`make build\` and try again. It said:\n${output}`,
    );
  });
  failed.catch(() => undefined);
  await Promise.race([client.ready(START_TIMEOUT_MS), failed]);
  return {
    pid: child.pid ?? 0,
    run: (request) => Promise.race([client.run(request), failed]),
    stop: async () => {
      process.off('exit', kill);
      client.close();
      child.kill('SIGTERM');
      await ended;
    },
  };
}
