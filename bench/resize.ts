/** A photograph made small by resize-image as it ships, S3 being a server of this process, beside sharp on its own. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { at } from '../function/src/objects.ts';
import { beach } from '../lambda/testing/images.ts';
import { objectInput } from '../lambda/testing/objects.ts';
import { serve } from '../tools/ports.ts';
import { handlerSettings, unpackLayer, unzip, type Variables } from './handlers.ts';
import { compared, type Section } from './report.ts';
import { DIST } from './stage.ts';
import { interleave, median, summarise } from './stats.ts';

/** What a telephone takes: 12 megapixels in some megabytes. */
const [WIDTH, HEIGHT] = [4000, 3000];
const QUALITY = 95;
const IMAGES_A_PROCESS = 5;
const run = promisify(execFile);

/** Runs `resize` several times and tells the milliseconds of each but the first, and the most memory that this process had. */
const MEASURE = `
const times = [];
for (let image = 0; image <= ${IMAGES_A_PROCESS}; image += 1) {
  const start = performance.now();
  await resize();
  times.push(performance.now() - start);
}
// Linux hands maxRSS on from the process that started this one, whatever that had: VmHWM is of this one alone.
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

interface Measured {
  /** Milliseconds of each image. */
  times: number[];
  peakMB: number[];
}

/** What a script says in its last line, after what a handler logs. */
async function measure(into: Measured, script: string, args: string[], cwd: string, env: Variables) {
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script, ...args], {
    cwd,
    env,
  });
  const said: unknown = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  const times = at(said, 'times');
  into.times.push(...(Array.isArray(times) ? times.map(Number) : []));
  into.peakMB.push(Number(at(said, 'peakMB')));
}

/** S3, as far as the handler needs it: any object is the image, and what is put is taken. */
const serveImage = (image: Uint8Array) =>
  serve((request, response) => {
    request.resume().once('end', () => response.end(request.method === 'GET' ? image : undefined));
  });

async function compare(folder: string, quick: boolean): Promise<[Measured, Measured]> {
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
    const environment = { ...settings?.variables, AWS_ENDPOINT_URL: s3.endpoint, NODE_PATH };
    const ours: Measured = { times: [], peakMB: [] };
    const theirs: Measured = { times: [], peakMB: [] };
    await interleave(
      quick ? 2 : 10,
      () => measure(ours, WITH_HANDLER, handler, folder, environment),
      () => measure(theirs, WITH_SHARP, [file], folder, { NODE_PATH }),
    );
    return [ours, theirs];
  } finally {
    await s3.close();
  }
}

/** Time of an image and peak memory of the process: medians, both with the layer's sharp. */
export async function benchResize(quick: boolean): Promise<Section> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-resize-'));
  try {
    const [ours, theirs] = await compare(folder, quick);
    return {
      name: 'resize',
      against: 'plain sharp',
      rows: [
        compared('12 megapixels: time', 'ms', median(ours.times), median(theirs.times)),
        compared('12 megapixels: peak memory', 'MB', median(ours.peakMB), median(theirs.peakMB)),
      ],
      samples: {
        'resize-image, ms': summarise(ours.times),
        'plain sharp, ms': summarise(theirs.times),
        'resize-image, MB': summarise(ours.peakMB),
        'plain sharp, MB': summarise(theirs.peakMB),
      },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
