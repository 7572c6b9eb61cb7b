/** What the server does to connections and messages, in this process. */
import { once } from 'node:events';
import { connect } from 'node:http2';
import {
  FunctionRunnerServiceService,
  RunFunctionRequest,
  type RunFunctionResponse,
  to,
} from '@crossplane-org/function-sdk-typescript';
import { Client, connectivityState, credentials, type Server, ServerCredentials } from '@grpc/grpc-js';
import { pino } from 'pino';
import { afterEach, expect, it } from 'vitest';
import { createServer, MESSAGE_LIMITS } from '../src/server.ts';

const HOST = '127.0.0.1';
const { path, requestSerialize, responseDeserialize } = FunctionRunnerServiceService.runFunction;

const ends: (() => unknown)[] = [];
afterEach(() => {
  for (const end of ends.splice(0).reverse()) end();
});

/** A server whose function answers with what is desired so far. */
async function serve(connectionAgeMs?: number): Promise<number> {
  const runner = { RunFunction: async (request: RunFunctionRequest) => to(request) };
  const server: Server = createServer(runner, pino({ level: 'silent' }), connectionAgeMs);
  ends.push(() => server.forceShutdown());
  return new Promise((resolve, reject) => {
    server.bindAsync(`${HOST}:0`, ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
}

const requestOf = (text: string) =>
  RunFunctionRequest.fromPartial({ meta: { tag: text }, observed: { resources: {} } });

function clientOf(port: number) {
  const client = new Client(`${HOST}:${port}`, credentials.createInsecure(), MESSAGE_LIMITS);
  ends.push(() => client.close());
  const ask = (text: string) =>
    new Promise<RunFunctionResponse>((resolve, reject) => {
      client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        requestOf(text),
        (error, answer) => (answer ? resolve(answer) : reject(error)),
      );
    });
  /** Resolves once the connection is no longer in this state. */
  const left = (state: connectivityState) =>
    new Promise<void>((resolve, reject) => {
      client
        .getChannel()
        .watchConnectivityState(state, Date.now() + 30_000, (error) => (error ? reject(error) : resolve()));
    });
  return { ask, left };
}

it.each([5, 10])('a message of %i MB is taken and answered', async (megabytes) => {
  const text = 'x'.repeat(megabytes * 1024 * 1024);
  const { meta } = await clientOf(await serve()).ask(text);
  expect(meta?.tag === text).toBe(true);
});

it('a client that stays is told to go, without an error', async () => {
  const session = connect(`http://${HOST}:${await serve(50)}`);
  ends.push(() => session.destroy());
  const [code, , reason] = await once(session, 'goaway');
  expect([code, String(reason)]).toEqual([0, 'max_age']);
});

it('a client that is told to go connects again, and no call fails', async () => {
  const { ask, left } = clientOf(await serve(50));
  for (const text of ['one', 'two', 'three']) {
    expect((await ask(text)).meta?.tag).toBe(text);
    await left(connectivityState.READY);
  }
});
