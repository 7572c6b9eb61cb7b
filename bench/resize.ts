/** A photograph made small by resize-image as it ships, S3 being a server of this process, beside sharp on its own. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beach } from '../lambda/testing/images.ts';
import { objectInput } from '../lambda/testing/objects.ts';
import { runCommand } from '../tools/command.ts';
import { listen } from '../tools/ports.ts';
import { handlerSettings, temporaryFolder, unpackLayer, unzip, type Variables } from './handlers.ts';
import { type Row, sampled } from './report.ts';
import { interleave } from './stats.ts';
import { DIST } from './subjects.ts';

/** A photograph from a phone: 12 megapixels, a few megabytes. */
const [WIDTH, HEIGHT] = [4000, 3000];
const QUALITY = 95;
const IMAGES_A_PROCESS = 5;

/** Runs `resize` several times. Prints the milliseconds of each run but the first, and the peak memory of this process. */
const MEASURE = `
const times = [];
for (let image = 0; image <= ${IMAGES_A_PROCESS}; image += 1) {
  const start = performance.now();
  await resize();
  times.push(performance.now() - start);
}
// On Linux, maxRSS includes what the parent process had. VmHWM is of this process alone.
const status = process.platform === 'linux' ? readFileSync('/proc/self/status', 'utf8') : '';
const kilobytes = /^VmHWM:\\s+(\\d+) kB$/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS;
console.log(JSON.stringify({ times: times.slice(1), peakMB: (kilobytes * 1024) / 1e6 }));
`;

/** The arguments are the handler's module and the event. */
const WITH_HANDLER = `
import { readFileSync } from 'node:fs';
const [module, event] = process.argv.slice(1);
const { handler } = await import(module);
const context = { awsRequestId: 'bench', getRemainingTimeInMillis: () => 30_000 };
const resize = async () => {
  const { width } = await handler(JSON.parse(event), context);
  if (width !== 150) throw new Error('the small image is ' + width + ' pixels wide');
};
${MEASURE}`;

/** The argument is the file. */
const WITH_SHARP = `
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
const sharp = createRequire(import.meta.url)('sharp');
const input = readFileSync(process.argv[1]);
const resize = () => sharp(input).resize(150).toBuffer();
${MEASURE}`;

/** Runs a script, and reads its last line, which comes after what a handler logs: the milliseconds of each image, and megabytes. */
async function measure(script: string, args: string[], folder: string, env: Variables) {
  const command = ['--input-type=module', '--eval', script, ...args];
  const stdout = await runCommand(process.execPath, command, { folder, env });
  const said: { times: number[]; peakMB: number } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  return said;
}

/** S3, as far as the handler needs it: every GET returns the image, and every PUT succeeds. */
async function serveImage(image: Uint8Array) {
  const server = createServer((request, response) => {
    request.resume().once('end', () => response.end(request.method === 'GET' ? image : undefined));
  });
  return listen(server);
}

async function compare(folder: string, rounds: number) {
  const file = join(folder, 'photograph.jpg');
  writeFileSync(file, await beach(WIDTH, HEIGHT).jpeg({ quality: QUALITY }).toBuffer());
  unzip(join(DIST, 'handlers', 'resize-image.zip'), folder);
  const NODE_PATH = await unpackLayer(join(folder, 'layer'));
  const settings = (await handlerSettings()).get('resize-image');
  const image = readFileSync(file);
  const task = {
    ...objectInput({ key: 'photograph.jpg', body: image }),
    format: 'JPEG',
    resizedKey: 'small.jpg',
  };
  const s3 = await serveImage(image);
  try {
    const handler = [pathToFileURL(join(folder, 'index.mjs')).href, JSON.stringify(task)];
    const environment = { ...settings?.variables, AWS_ENDPOINT_URL: s3.url, NODE_PATH };
    return await interleave(
      rounds,
      () => measure(WITH_HANDLER, handler, folder, environment),
      () => measure(WITH_SHARP, [file], folder, { NODE_PATH }),
    );
  } finally {
    await s3.stop();
  }
}

/** Time of an image and peak memory of the process: medians, both with the layer's sharp. */
export async function benchResize(quick: boolean): Promise<Row[]> {
  await using folder = await temporaryFolder();
  const [ours, theirs] = await compare(folder.path, quick ? 2 : 10);
  const times = (runs: typeof ours) => runs.flatMap((run) => run.times);
  const peaks = (runs: typeof ours) => runs.map(({ peakMB }) => peakMB);
  return [
    sampled('12 megapixels: time', 'ms', times(ours), times(theirs)),
    sampled('12 megapixels: peak memory', 'MB', peaks(ours), peaks(theirs)),
  ];
}
