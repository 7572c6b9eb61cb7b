import { createRequire } from 'node:module';
import type { SharpConstructor } from 'sharp';
import { reasonOf } from '../shared/errors.ts';
import { SharpLayerError } from './errors.ts';

/** The loaders of libvips for the formats of IMAGE_FORMATS. No other loader is allowed to read an uploaded file. */
const LOADERS = ['JpegBuffer', 'PngBuffer', 'WebpBuffer', 'NsgifBuffer', 'TiffBuffer', 'HeifBuffer'];
/** Lambda unpacks a layer into /opt. */
const LAYER = '/opt/nodejs/';

/**
 * Loads sharp from the function's layer. The `import` of an ES module finds only packages beside the module. `require`
 * also searches NODE_PATH, where Lambda's Node runtime and the emulator have the packages of a layer.
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-layers.html
 *
 * @param places - files or folders from which `require` searches for sharp, in this order
 * @throws SharpLayerError when sharp is not found, or is built for another processor
 */
export function loadSharp(places: readonly string[] = [import.meta.url, LAYER]): SharpConstructor {
  const sharp = requireSharp(places);
  // A function processes one image at a time and each image once: a cache or a second thread only takes memory.
  sharp.cache(false);
  sharp.concurrency(1);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: LOADERS.map((name) => `VipsForeignLoad${name}`) });
  return sharp;
}

function requireSharp(places: readonly string[]): SharpConstructor {
  let cause: unknown;
  for (const place of places) {
    try {
      const found: unknown = createRequire(place)('sharp');
      if (isSharp(found)) return found;
      cause = new Error('the package sharp is something else');
    } catch (error) {
      // The useful error is from the first place that has sharp. "Not found" in another place explains nothing.
      if (cause === undefined || !isNotFound(error)) cause = error;
    }
  }
  const node = `Node ${process.version} on ${process.platform} ${process.arch}`;
  const fix =
    'give the function the layer that `make layer` builds for its architecture, by ' +
    'spec.workflow.processImage.layerArn or .layer';
  const why = isNotFound(cause) ? 'there is no package sharp' : reasonOf(cause);
  throw new SharpLayerError(
    `sharp does not load with ${node} from NODE_PATH ${process.env['NODE_PATH'] ?? '(not set)'} or ${LAYER}: ${why}; ${fix}`,
    { cause },
  );
}

function isSharp(value: unknown): value is SharpConstructor {
  return typeof value === 'function' && 'versions' in value && 'block' in value;
}

function isNotFound(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    error.code === 'MODULE_NOT_FOUND' &&
    error.message.includes("'sharp'")
  );
}
