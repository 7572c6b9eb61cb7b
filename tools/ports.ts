/** Ports of loopback. */
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { hasCode } from './errors.ts';

export const HOST = '127.0.0.1';

/** A server that listens. */
export interface Listening {
  readonly port: number;
  /** Such as `http://127.0.0.1:40123`. */
  readonly url: string;
  /** Resolves when it listens no more; open connections are cut. */
  stop(): Promise<void>;
}

/**
 * Has an HTTP server listen.
 *
 * @param port - a free one when 0.
 * @param host - loopback by default.
 * @throws when the port is taken.
 */
export async function listen(server: Server, port = 0, host = HOST): Promise<Listening> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const taken = typeof address === 'object' && address !== null ? address.port : port;
  return {
    port: taken,
    url: `http://${HOST}:${taken}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * A port that nothing listens on: the wanted one, or any.
 *
 * @throws when the wanted one is taken.
 */
export async function claimPort(wanted = 0): Promise<number> {
  const { port, stop } = await listen(createServer(), wanted).catch((error: unknown) => {
    if (!hasCode(error, 'EADDRINUSE')) throw error;
    throw new Error(`port ${wanted} on ${HOST} is taken: stop what listens there, or name another`);
  });
  await stop();
  return port;
}

/** Whether something takes connections on a port. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST);
    const answer = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
}
