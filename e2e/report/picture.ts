/** When the resources of claims came and were ready, as a picture. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { escaped } from '../../function/diagram/words.ts';
import { seconds, type Timed } from '../waves.ts';

const LABELS = 280;
const SCALE = 620;
const ROW = 22;
const TOP = 46;
const STYLE = `${readFileSync(join(import.meta.dirname, '../../function/diagram/style.css'), 'utf8')}
text { font: 12px Arial, Helvetica, sans-serif; }
.tick { stroke: var(--edge); }
.axis { fill: var(--quiet); }
.wave { fill: var(--task); stroke: var(--taskline); }
.first { fill: var(--succeedline); }
.ready { stroke: var(--text); stroke-width: 2; }`;

/** Seconds between two lines of the grid, so that there are about ten. */
const stepOf = (most: number): number =>
  [1, 2, 5, 10, 20, 30, 60, 120, 300].find((step) => most / step <= 10) ?? 600;

/**
 * A row for each claim: a bar for each wave, from its first resource to the last that was ready, a dot where the first file was recorded, and
 * a line where the claim was ready.
 */
export function drawWaves(timed: readonly Timed[]): string {
  const most =
    Math.max(1, ...timed.map(({ firstFileMs, readyMs = 0 }) => Math.max(firstFileMs, readyMs))) / 1000;
  const step = stepOf(most);
  const end = Math.ceil(most / step) * step;
  const x = (ms: number) => (LABELS + (SCALE * ms) / 1000 / end).toFixed(1);
  const [width, height] = [LABELS + SCALE + 30, TOP + ROW * timed.length + 12];
  const grid = Array.from({ length: end / step + 1 }, (_, index) => {
    const at = x(index * step * 1000);
    return `<line class="tick" x1="${at}" y1="${TOP - 6}" x2="${at}" y2="${height - 8}"/><text class="axis" x="${at}" y="${TOP - 12}" text-anchor="middle">${index * step} s</text>`;
  });
  const rows = timed.map(({ name, firstFileMs, readyMs, waves }, index) => {
    const middle = TOP + ROW * index + ROW / 2;
    const bars = waves.map(({ fromMs, toMs = fromMs, resources }, wave) => {
      const [from, to] = [Number(x(fromMs)), Number(x(toMs))];
      const title = `${name}, wave ${wave + 1}: ${resources.length} resources from ${seconds(fromMs)}, ready ${seconds(toMs)}`;
      const height = 4;
      const y = middle - 8 + (wave * 16) / Math.max(waves.length, 4);
      return `<rect class="wave" x="${from}" y="${y.toFixed(1)}" width="${Math.max(2, to - from).toFixed(1)}" height="${height}"><title>${escaped(title)}</title></rect>`;
    });
    const ready =
      readyMs === undefined
        ? ''
        : `<line class="ready" x1="${x(readyMs)}" y1="${middle - 9}" x2="${x(readyMs)}" y2="${middle + 9}"/>`;
    return [
      `<text x="${LABELS - 12}" y="${middle + 4}" text-anchor="end">${escaped(name)}</text>`,
      ...bars,
      ready,
      `<circle class="first" cx="${x(firstFileMs)}" cy="${middle}" r="4"><title>${escaped(`${name}: first file ${seconds(firstFileMs)}`)}</title></circle>`,
    ].join('');
  });
  const title =
    'Claims from apply to ready: a bar for each wave of resources, a dot for the first file, a line for ready';
  const { code } = transformSync(STYLE, { loader: 'css', minify: true });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">`,
    `<title>${title}</title><style>${code.trim()}</style>`,
    `<rect class="ground" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>`,
    `<circle class="first" cx="24" cy="19" r="4"/><text x="34" y="23">first file</text><line class="ready" x1="104" y1="10" x2="104" y2="28"/><text x="112" y="23">ready</text>`,
    ...grid,
    ...rows,
    '</svg>',
    '',
  ].join('\n');
}
