/** Pictures of Argo CD's tree, drawn from what its API says: `docs/pictures`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Graphviz } from '@hpcc-js/wasm-graphviz';
import { svgOf } from '../../function/diagram/svg.ts';
import { STYLE } from './pictures/boxes.ts';
import { type DrawOptions, dotOfTree } from './pictures/dot.ts';
import { readTree } from './pictures/tree.ts';

const EDGE = /(<g class="edge">\s*<path [^>]*d=")M([\d.-]+),([\d.-]+)C[^"]* ([\d.-]+),([\d.-]+)"/g;

/** Straight lines from box to box as a trunk with branches: columns share their edges, so all of a parent turn at one place. */
const branched = (svg: string) =>
  svg.replaceAll(EDGE, (_, start: string, x: string, y: string, toX: string, toY: string) => {
    const middle = (Number(x) + Number(toX)) / 2;
    return `${start}M${x},${y}H${middle.toFixed(2)}V${toY}H${toX}"`;
  });

/**
 * An Application and everything below it as an SVG, readable on light and dark pages.
 *
 * @param application - the answer of `/api/v1/applications/<name>`.
 * @param tree - the answer of `/api/v1/applications/<name>/resource-tree`.
 * @throws when one of them is something else.
 */
export async function drawTree(
  application: unknown,
  tree: unknown,
  options: DrawOptions = {},
): Promise<string> {
  const root = readTree(application, tree);
  const svg = svgOf(await Graphviz.load(), dotOfTree(root, options), `Application ${root.name} in Argo CD`);
  return branched(svg).replace('</style>', `${STYLE}\n</style>`);
}

/**
 * Draws an Application as it is now into a file, whose folder is made.
 *
 * @param api - asks Argo CD's API server for a path such as `/api/v1/applications/fileingest` and resolves to its JSON.
 */
export async function savePicture(
  api: (path: string) => Promise<unknown>,
  application: string,
  file: string,
  options: DrawOptions = {},
): Promise<void> {
  const path = `/api/v1/applications/${application}`;
  const [said, tree] = await Promise.all([api(path), api(`${path}/resource-tree`)]);
  const svg = await drawTree(said, tree, options);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, svg);
}
