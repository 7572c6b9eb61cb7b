/** The function's image: its size, and from `docker run` to the first answer, for the architecture of this machine. */
import { setTimeout as delay } from 'node:timers/promises';
import { FunctionRunnerServiceService } from '@crossplane-org/function-sdk-typescript';
import { Client, credentials } from '@grpc/grpc-js';
import { buildImage, whyNoEngine } from '../function/package/image.ts';
import { releaseVersion } from '../function/package.ts';
import { MESSAGE_LIMITS } from '../function/src/server.ts';
import { completeCommand, runCommand } from '../tools/command.ts';
import { accepts, claimPort, HOST } from '../tools/ports.ts';
import type { Section } from './report.ts';
import { median, summarise } from './stats.ts';
import type { Subjects } from './subjects.ts';

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

function ask(port: number, request: Buffer): Promise<void> {
  const client = new Client(`${HOST}:${port}`, credentials.createInsecure(), MESSAGE_LIMITS);
  const asIs = (bytes: Buffer) => bytes;
  const { path } = FunctionRunnerServiceService.runFunction;
  return new Promise<void>((resolve, reject) => {
    client.makeUnaryRequest(path, asIs, asIs, request, (error) => (error ? reject(error) : resolve()));
  }).finally(() => client.close());
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
    await ask(port, request);
    return performance.now() - begin;
  } finally {
    await runCommand('docker', ['rm', '--force', container]);
  }
}

/**
 * Builds the image and starts it several times. Without a container engine both rows say so and have no figure.
 *
 * @throws when the image does not build, or does not answer.
 */
export async function benchImage({ samples }: Subjects, quick: boolean): Promise<Section> {
  const section: Section = { name: 'image', against: '', rows: [], samples: {} };
  if ((await whyNoEngine()) !== undefined) {
    section.rows.push(
      { name: 'size: no container engine', unit: 'bytes', subject: Number.NaN },
      { name: 'cold start: no container engine', unit: 'ms', subject: Number.NaN },
    );
    return section;
  }
  const [sample] = samples;
  if (!sample) throw new Error('no request to start with');
  const image = await buildImage(process.arch === 'arm64' ? 'arm64' : 'amd64', releaseVersion());
  const stdout = await runCommand('docker', ['image', 'inspect', '--format', '{{.Size}}', image]);
  const times: number[] = [];
  for (let start = 0; start < (quick ? 3 : 10); start += 1)
    times.push(await coldStart(image, sample.request));
  section.rows.push(
    { name: 'size', unit: 'bytes', subject: Number(stdout) },
    { name: 'cold start', unit: 'ms', subject: median(times) },
  );
  section.samples['cold start, ms'] = summarise(times);
  return section;
}
