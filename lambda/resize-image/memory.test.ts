import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImageFormat } from '../shared/image-format.ts';
import { beach, blackPng } from '../testing/images.ts';
import { limitsFor } from './limits.ts';

// The accepted images that take the most memory. Each runs in a separate Node process, to measure its peak.
const NODE = join(import.meta.dirname, '../../node_modules/.bin/node');
const MEMORY_MB = 512;
const SCRIPT = `
  import { readFileSync } from 'node:fs';
  import { readFile } from 'node:fs/promises';
  import { limitsFor } from '${join(import.meta.dirname, 'limits.ts')}';
  import { loadSharp } from '${join(import.meta.dirname, 'load-sharp.ts')}';
  import { shrink } from '${join(import.meta.dirname, 'shrink.ts')}';
  const [file, format] = process.argv.slice(1);
  const bytes = await readFile(file);
  const limits = limitsFor(${MEMORY_MB}, format, bytes.length);
  const small = await shrink(loadSharp(), bytes, { key: file, format, width: 150, limits, seconds: 60 });
  // On Linux, maxRSS includes the memory of the parent process before exec.
  const status = process.platform === 'linux' ? readFileSync('/proc/self/status', 'utf8') : '';
  const kilobytes = /^VmHWM:\\s+(\\d+) kB$/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS;
  console.log(JSON.stringify({ width: small.width, peakMB: kilobytes / 1024 }));
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'images-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The longest side of an accepted square image, for a file of up to two megabytes. */
function sideOf(format: ImageFormat): number {
  return Math.floor(Math.sqrt(limitsFor(MEMORY_MB, format, 2 ** 21).pixels));
}

describe('the largest image that is let in stays within the memory', () => {
  test.each([
    { format: 'PNG', make: async (side: number) => blackPng(side, side, 'interlaced RGBA of 16 bits') },
    {
      format: 'JPEG',
      make: (side: number) =>
        beach(100, 100)
          .resize(side, side)
          .jpeg({ progressive: true, chromaSubsampling: '4:4:4', quality: 20 })
          .toBuffer(),
    },
    {
      format: 'AVIF',
      make: (side: number) =>
        beach(100, 100)
          .ensureAlpha(0.5)
          .resize(side, side)
          .avif({ effort: 0, quality: 10, bitdepth: 12 })
          .withMetadata({ orientation: 6 })
          .toBuffer(),
    },
  ] as const)('$format', { timeout: 120_000 }, async ({ format, make }) => {
    const side = sideOf(format);
    const image = await make(side);
    expect(image.length, 'the file leaves the pixels their room').toBeLessThan(2 ** 21);
    const file = join(folder, format);
    await writeFile(file, image);

    const { stdout } = await promisify(execFile)(NODE, ['--input-type=module', '-e', SCRIPT, file, format]);

    const { width, peakMB }: { width: number; peakMB: number } = JSON.parse(stdout);
    expect(width).toBe(150);
    expect(peakMB).toBeLessThan(MEMORY_MB);
    // A peak far below the memory would mean that the limit is too low.
    expect(peakMB).toBeGreaterThan(MEMORY_MB / 3);
  });
});
