/** Bytes of what ships. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Row, Section } from './report.ts';
import { DIST } from './stage.ts';

/** Most bytes of a zip. It travels inside a Kubernetes object, whose limit is etcd's 1.5 MiB, and in each request. */
const BUDGETS: Readonly<Record<string, number>> = { 'start-workflow.zip': 140 * 1024 };

/** The function's bundle and each handler's zip. */
export function benchSizes(): Section {
  const handlers = join(DIST, 'handlers');
  const zips = readdirSync(handlers).filter((file) => file.endsWith('.zip'));
  const row = (name: string, path: string): Row => {
    const atMost = BUDGETS[name];
    return {
      name,
      unit: 'bytes',
      subject: statSync(path).size,
      ...(atMost !== undefined && { target: { of: 'subject', atMost } }),
    };
  };
  return {
    name: 'sizes',
    against: '',
    rows: [row('main.js', join(DIST, 'main.js')), ...zips.map((zip) => row(zip, join(handlers, zip)))],
    samples: {},
  };
}
