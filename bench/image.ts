/** The function's image: its size, and from `docker run` to the first answer, for the architecture of this machine. */
import { setTimeout as delay } from 'node:timers/promises';
import { buildImage, whyNoEngine } from '../function/package/image.ts';
import { releaseVersion } from '../function/package.ts';
import { connect } from '../local/function-server.ts';
import { completeCommand, runCommand } from '../tools/command.ts';
import { accepts, claimPort, HOST } from '../tools/ports.ts';
import { type Row, sampled } from './report.ts';
import { subjects } from './subjects.ts';

const START_TIMEOUT_MS = 60_000;
const FUNCTION_PORT = 9443;

/** As Kubernetes runs it: nothing may be written, no user of the image's, no capabilities. */
const RESTRICTED = [
  '--read-only',
  '--user',
  '2000:2000',
  '--cap-drop',
  'ALL',
  '--security-opt',
  'no-new-privileges',
];

/** On Linux the container shares the network, which needs no bridge; elsewhere it runs in a virtual machine. */
function network(port: number): { flags: string[]; address: string } {
  return process.platform === 'linux'
    ? { flags: ['--network', 'host', '--env', 'HEALTH_ADDRESS='], address: `${HOST}:${port}` }
    : { flags: ['--publish', `${HOST}:${port}:${FUNCTION_PORT}`], address: `0.0.0.0:${FUNCTION_PORT}` };
}

/** Milliseconds from `docker run` until a container has answered one request. */
async function coldStart(image: string, request: Buffer): Promise<number> {
  const port = await claimPort();
  const { flags, address } = network(port);
  const begin = performance.now();
  const stdout = await runCommand('docker', [
    ...['run', '--detach', ...RESTRICTED, ...flags, image],
    ...['--insecure', '--address', address],
  ]);
  const container = stdout.trim();
  try {
    while (!(await accepts(port))) {
      if (performance.now() - begin > START_TIMEOUT_MS) {
        const { stdout, stderr } = await completeCommand('docker', ['logs', container]);
        throw new Error(
          `${image} took no connections in ${START_TIMEOUT_MS / 1000} s. It said:\n${stdout}${stderr}`,
        );
      }
      await delay(1);
    }
    const client = connect(`${HOST}:${port}`);
    await client.runEncoded(request).finally(client.close);
    return performance.now() - begin;
  } finally {
    await runCommand('docker', ['rm', '--force', container]);
  }
}

/**
 * Builds the image and starts it several times. Without a container engine the row says so and has no figure.
 *
 * @throws when the image does not build, or does not answer.
 */
export async function benchImage(quick: boolean): Promise<Row[]> {
  if ((await whyNoEngine()) !== undefined)
    return [{ name: 'no container engine', unit: 'ms', subject: Number.NaN }];
  const [sample] = (await subjects()).samples;
  if (!sample) throw new Error('no request to start with');
  const image = await buildImage(process.arch === 'arm64' ? 'arm64' : 'amd64', releaseVersion());
  const size = await runCommand('docker', ['image', 'inspect', '--format', '{{.Size}}', image]);
  const times: number[] = [];
  for (let start = 0; start < (quick ? 3 : 10); start += 1)
    times.push(await coldStart(image, sample.request));
  return [{ name: 'size', unit: 'bytes', subject: Number(size) }, sampled('cold start', 'ms', times)];
}
