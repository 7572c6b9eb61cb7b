/** Bytes of what ships. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LAYER_BUDGET, ZIP_BUDGETS } from '../lambda/testing/budgets.ts';
import type { Row } from './report.ts';
import { DIST } from './subjects.ts';

/** Where `make layer` writes. */
const LAYERS = join(DIST, '..', 'layer');

function row(path: string, name: string, atMost?: number): Row {
  return {
    name,
    unit: 'bytes',
    subject: statSync(path).size,
    ...(atMost !== undefined && { target: { of: 'subject', atMost } }),
  };
}

const zipsIn = (folder: string): string[] => readdirSync(folder).filter((file) => file.endsWith('.zip'));

/** The function's bundle, each handler's zip, and the layers where `make layer` has built them. */
export function benchSizes(): Row[] {
  const handlers = join(DIST, 'handlers');
  const layers = existsSync(LAYERS) ? zipsIn(LAYERS) : [];
  return [
    row(join(DIST, 'main.js'), 'main.js'),
    ...zipsIn(handlers).map((zip) => row(join(handlers, zip), zip, ZIP_BUDGETS[zip.replace(/\.zip$/, '')])),
    ...layers.map((zip) => row(join(LAYERS, zip), zip, LAYER_BUDGET)),
    ...(layers.length === 0
      ? [{ name: 'layer: run make layer first', unit: 'bytes' as const, subject: Number.NaN }]
      : []),
  ];
}
