/** The composition function as it ships: its bundle in a process of its own, spoken to over gRPC. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  FunctionRunnerServiceService,
  type RunFunctionRequest,
  type RunFunctionResponse,
} from '@crossplane-org/function-sdk-typescript';
import { Client, credentials } from '@grpc/grpc-js';
import { MESSAGE_LIMITS } from '../function/src/server.ts';
import { startDaemon, untilAnswers } from '../tools/daemon.ts';
import { messageOf } from '../tools/errors.ts';
import { accepts, claimPort, HOST } from '../tools/ports.ts';

const BUNDLE = fileURLToPath(new URL('../dist/function/main.js', import.meta.url));
const START_TIMEOUT_MS = 20_000;

export interface FunctionServer {
  readonly pid: number;
  /** Such as `127.0.0.1:40123`. */
  readonly address: string;
  /** Runs the function once. Rejects when the server has ended. */
  run(request: RunFunctionRequest): Promise<RunFunctionResponse>;
  /** The same with encoded messages, for callers that measure the time of the client. */
  runEncoded(request: Buffer): Promise<Buffer>;
  stop(): Promise<void>;
}

/** A client of the function at an address. */
export function connect(address: string) {
  const client = new Client(address, credentials.createInsecure(), MESSAGE_LIMITS);
  const { path, requestSerialize, responseDeserialize } = FunctionRunnerServiceService.runFunction;
  const call = <Q, A>(request: Q, encode: (request: Q) => Buffer, decode: (bytes: Buffer) => A) =>
    new Promise<A>((resolve, reject) => {
      client.makeUnaryRequest(path, encode, decode, request, (error, response) =>
        response ? resolve(response) : reject(error ?? new Error(`${address} answered nothing`)),
      );
    });
  const asIs = (bytes: Buffer) => bytes;
  return {
    run: (request: RunFunctionRequest) => call(request, requestSerialize, responseDeserialize),
    runEncoded: (request: Buffer) => call(request, asIs, asIs),
    close: () => client.close(),
  };
}

/**
 * Starts a function on a free port of loopback. Resolves when it accepts connections, since a gRPC client would wait a second
 * before it retries a closed port.
 *
 * @param script - `dist/function/main.js`, or another function of the SDK
 * @param args - arguments before the flags of the SDK
 * @throws Error with the output of the server when it ends or does not start within 20 s
 */
export async function startFunction(
  script: string = BUNDLE,
  args: readonly string[] = [],
): Promise<FunctionServer> {
  const port = await claimPort();
  const address = `${HOST}:${port}`;
  const folder = mkdtempSync(join(tmpdir(), 'function-'));
  const daemon = startDaemon({
    name: 'the function',
    command: process.execPath,
    args: [script, ...args, '--insecure', '--address', address],
    logFile: join(folder, 'function.log'),
    cleanUp: () => rmSync(folder, { recursive: true, force: true }),
  });
  try {
    await untilAnswers(daemon, () => accepts(port), START_TIMEOUT_MS, 1);
  } catch (error) {
    await daemon.stop('SIGKILL');
    throw new Error(`the function did not come up. Build it with \`make build\`. ${messageOf(error)}`);
  }
  const client = connect(address);
  return {
    pid: daemon.pid,
    address,
    run: client.run,
    runEncoded: client.runEncoded,
    stop: async () => {
      client.close();
      await daemon.stop();
    },
  };
}
