/** Renders a graph as an SVG that is readable on light and dark pages. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Graphviz } from '@hpcc-js/wasm-graphviz';
import { transformSync } from 'esbuild';
import { escaped } from './words.ts';

/**
 * The styles, which win over the attributes that Graphviz writes. The background is opaque, so that the diagram is readable when the
 * page's theme differs from the system's: it looks like a card in the system's colours.
 */
const STYLE = readFileSync(join(import.meta.dirname, 'style.css'), 'utf8');
const { code } = transformSync(STYLE, { loader: 'css', minify: true });

/**
 * The graph as an SVG, with a title for screen readers.
 *
 * @throws Error when the output of Graphviz has a form that the styles do not match
 */
export function svgOf(graphviz: Graphviz, dot: string, title: string): string {
  const drawn = graphviz.dot(dot, 'svg');
  const [, width, height, x, y, boxWidth, boxHeight] =
    /<svg width="([\d.]+)pt" height="([\d.]+)pt"\s+viewBox="([\d.-]+) ([\d.-]+) ([\d.]+) ([\d.]+)"/.exec(
      drawn,
    ) ?? [];
  const body = /<g id="graph0"[\s\S]*<\/g>/.exec(drawn)?.[0];
  if (width === undefined || body === undefined) throw new Error(`Graphviz drew no SVG for ${title}`);
  const content = body
    .replaceAll(/<!--[\s\S]*?-->\n?/g, '')
    // Graphviz writes the internal names of nodes as titles, and browsers show titles as tooltips.
    .replaceAll(/<title>[\s\S]*?<\/title>\n?/g, '')
    .replaceAll(/ id="[^"]*"/g, '')
    .replaceAll('font-family="Arial"', 'font-family="Arial,Helvetica,sans-serif"');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${x} ${y} ${boxWidth} ${boxHeight}" role="img" aria-label="${escaped(title)}">`,
    `<title>${escaped(title)}</title>`,
    `<style>${code.trim()}</style>`,
    `<rect class="ground" x="0.5" y="0.5" width="${Number(boxWidth) - 1}" height="${Number(boxHeight) - 1}" rx="8"/>`,
    content,
    '</svg>',
    '',
  ].join('\n');
}
