/** Ports of loopback. */
import * as http from 'node:http';
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

export interface Served {
  /** Such as `http://127.0.0.1:4566`. */
  endpoint: string;
  /** Ends it, and what is connected to it. */
  close(): Promise<void>;
}

/** Serves HTTP on a free port of loopback. */
export async function serve(listener: http.RequestListener): Promise<Served> {
  const server = http.createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { endpoint: `http://${HOST}:${address.port}`, close };
}
