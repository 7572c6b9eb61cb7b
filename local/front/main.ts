/** Starts only the front, for an emulator that was started elsewhere: `node local/front/main.ts <emulator's URL> <port> [address]`. */
import { startFront } from './front.ts';

const [target, port, host] = process.argv.slice(2);
if (target === undefined || port === undefined || !/^\d{1,5}$/.test(port)) {
  console.error('front: give the URL of an emulator and a port, such as http://127.0.0.1:4567 4566');
  process.exit(1);
}
const front = await startFront({ target, port: Number(port), ...(host === undefined ? {} : { host }) });
console.log(`${front.endpoint} is in front of ${target}`);
// In a container, a process has no default signal handlers, and the front alone does not keep the process alive.
const alive = setInterval(() => undefined, 60_000);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    clearInterval(alive);
    await front.stop();
  });
}
