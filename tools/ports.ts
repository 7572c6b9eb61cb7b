/** Ports of loopback. */
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
