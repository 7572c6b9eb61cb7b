/** A front by itself: `node local/front/main.ts <emulator's URL> <port> [address]`. Where it cannot run with the emulator's starter. */
import { startFront } from './front.ts';

const [target, port, host] = process.argv.slice(2);
if (target === undefined || port === undefined || !/^\d{1,5}$/.test(port)) {
  console.error('front: give the URL of an emulator and a port, such as http://127.0.0.1:4567 4566');
  process.exit(1);
}
const front = await startFront({ target, port: Number(port), ...(host === undefined ? {} : { host }) });
console.log(`${front.endpoint} is in front of ${target}`);
// A process in a container has no handlers of signals but its own, and the front alone keeps no process.
const alive = setInterval(() => undefined, 60_000);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    clearInterval(alive);
    await front.stop();
  });
}
