/** Renders a graph as an SVG that is readable on light and dark pages. */
import type { Graphviz } from '@hpcc-js/wasm-graphviz';
import { escaped } from './words.ts';

/**
 * The styles, which win over the attributes that Graphviz writes. The background is opaque, so that the diagram is readable when the
 * page's theme differs from the system's: it looks like a card in the system's colours.
 */
const STYLE = `
:root { --ground: #ffffff; --edge: #d0d7de; --text: #1f2328; --quiet: #59636e; --line: #59636e; --box: #f6f8fa; --task: #ddf4ff; --taskline: #0969da; --choice: #fff8c5; --choiceline: #9a6700; --fail: #ffebe9; --failline: #cf222e; --succeed: #dafbe1; --succeedline: #1a7f37; }
@media (prefers-color-scheme: dark) { :root { --ground: #0d1117; --edge: #3d444d; --text: #f0f6fc; --quiet: #9198a1; --line: #9198a1; --box: #151b23; --task: #0c2d5b; --taskline: #4493f8; --choice: #3a2c05; --choiceline: #d29922; --fail: #4a1519; --failline: #f85149; --succeed: #0f3d1e; --succeedline: #3fb950; } }
.ground { fill: var(--ground); stroke: var(--edge); }
text { fill: var(--text); }
.node text[font-size="10.00"], .cluster text[font-size="10.00"] { fill: var(--quiet); }
.node path, .node polygon, .node ellipse { fill: var(--box); stroke: var(--line); }
.task path { fill: var(--task); stroke: var(--taskline); }
.choice polygon, .choice path { fill: var(--choice); stroke: var(--choiceline); }
.fail path { fill: var(--fail); stroke: var(--failline); }
.succeed path { fill: var(--succeed); stroke: var(--succeedline); }
.marker ellipse { fill: var(--line); stroke: var(--line); }
.end ellipse { fill: none; stroke: var(--line); }
.end ellipse:first-of-type { fill: var(--line); }
.cluster path { fill: none; stroke: var(--line); }
.edge path { stroke: var(--line); }
.edge polygon { fill: var(--line); stroke: var(--line); }
.edge text { fill: var(--quiet); }
.catch path, .catch polygon { stroke: var(--failline); }
.catch polygon { fill: var(--failline); }
.catch text { fill: var(--failline); }
`;

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
    `<style>${STYLE}</style>`,
    `<rect class="ground" x="0.5" y="0.5" width="${Number(boxWidth) - 1}" height="${Number(boxHeight) - 1}" rx="8"/>`,
    content,
    '</svg>',
    '',
  ].join('\n');
}
