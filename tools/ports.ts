/** Ports of loopback. */
import type { Server as HttpServer } from 'node:http';
import { connect, createServer } from 'node:net';

export const HOST = '127.0.0.1';

/**
 * A port that nothing listens on: the wanted one, or any.
 *
 * @throws when the wanted one is taken.
 */
export function claimPort(wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(
        taken
          ? new Error(`port ${wanted} on ${HOST} is taken: stop what listens there, or name another`)
          : error,
      );
    });
    server.listen(wanted, HOST, () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : wanted;
      server.close(() => resolve(port));
    });
  });
}

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
export async function listen(server: HttpServer, port = 0, host = HOST): Promise<Listening> {
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
