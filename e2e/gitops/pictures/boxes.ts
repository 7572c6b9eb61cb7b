/** What stands in the box of an object: its kind and name, a mark and a word for health and for sync, and why it is not well. */
import { escaped, wrapped } from '../../../function/diagram/words.ts';
import type { TreeNode } from './tree.ts';

/** The colours of a light page in `function/diagram/svg.ts`. */
const GREEN = '#1a7f37';
const BLUE = '#0969da';
const RED = '#cf222e';
const AMBER = '#9a6700';

/** Styles beside those of every diagram: a word keeps its colour, which is another one on a dark page. */
export const STYLE = [
  [GREEN, '--succeedline'],
  [BLUE, '--taskline'],
  [RED, '--failline'],
  [AMBER, '--choiceline'],
]
  .map(([colour, name]) => `.node text[fill="${colour}"] { fill: var(${name}); }`)
  .join('\n');

interface Mark {
  readonly mark: string;
  readonly colour: string;
  /** Style of the whole box. */
  readonly style: string;
}

/** Argo CD's words, the worst first. A mark beside each, so that no one has to tell colours apart. */
const HEALTH: ReadonlyMap<string, Mark> = new Map([
  ['Degraded', { mark: '✗', colour: RED, style: 'fail' }],
  ['Missing', { mark: '○', colour: AMBER, style: 'choice' }],
  ['Suspended', { mark: '‖', colour: AMBER, style: 'choice' }],
  ['Progressing', { mark: '…', colour: BLUE, style: 'task' }],
  ['Healthy', { mark: '♥', colour: GREEN, style: 'plain' }],
]);
const SYNC: ReadonlyMap<string, Mark> = new Map([
  ['Synced', { mark: '✓', colour: GREEN, style: 'plain' }],
  ['OutOfSync', { mark: '↑', colour: AMBER, style: 'plain' }],
]);
const UNKNOWN: Mark = { mark: '?', colour: AMBER, style: 'choice' };

/** Characters in a line of a reason. */
const REASON_WIDTH = 72;
/** Points that a character takes: Arial's wider ones, so that no text is wider than its box. */
const [NAME_POINTS, SMALL_POINTS] = [7.4, 5.6];
const [NAME_HEIGHT, SMALL_HEIGHT, PADDING] = [18, 13, 8];

/** A text of Graphviz's own HTML, and how wide it is at most, in points. */
interface Line {
  readonly html: string;
  readonly width: number;
}

/** Sizes are in points. */
export interface Box {
  readonly lines: readonly Line[];
  readonly style: string;
  readonly width: number;
  readonly height: number;
}

const small = (text: string, colour?: string): Line => ({
  html: `<FONT POINT-SIZE="10"${colour === undefined ? '' : ` COLOR="${colour}"`}>${escaped(text)}</FONT>`,
  width: text.length * SMALL_POINTS,
});
const BLANKS = small('\u00a0\u00a0\u00a0');

const inOneLine = (words: readonly Line[]): Line => ({
  html: words.map(({ html }) => html).join(BLANKS.html),
  width: words.reduce((sum, { width }) => sum + width + BLANKS.width, 0),
});

function box(name: string, words: readonly Line[], reason: readonly Line[], style: string): Box {
  const first: Line = { html: `<B>${escaped(name)}</B>`, width: name.length * NAME_POINTS };
  const rest = [inOneLine(words), ...reason];
  return {
    lines: [first, ...rest],
    style,
    width: Math.max(first.width, ...rest.map(({ width }) => width)) + 2 * PADDING,
    height: NAME_HEIGHT + rest.length * SMALL_HEIGHT + PADDING,
  };
}

/** The box of one object. */
export function boxOf({ kind, name, health, sync, wave, reason }: TreeNode): Box {
  const judged = health === undefined ? undefined : (HEALTH.get(health) ?? UNKNOWN);
  const compared = sync === undefined ? undefined : (SYNC.get(sync) ?? UNKNOWN);
  const words = [
    small(kind),
    ...(judged === undefined ? [] : [small(`${judged.mark} ${health}`, judged.colour)]),
    ...(compared === undefined ? [] : [small(`${compared.mark} ${sync}`, compared.colour)]),
    ...(wave === undefined ? [] : [small(`wave ${wave}`)]),
  ];
  const lines = reason?.split('\n').flatMap((line) => wrapped(line, REASON_WIDTH)) ?? [];
  const reasons = lines.map((line) => small(line, judged?.colour ?? RED));
  return box(name, words, reasons, judged?.style ?? 'plain');
}

/** One box for many objects: how many there are, and how many of each health. */
export function folded(nodes: readonly TreeNode[]): Box {
  const count = (health: string) => nodes.filter((node) => node.health === health).length;
  const there = [...HEALTH].filter(([health]) => count(health) > 0);
  const others = nodes.filter(({ health }) => !HEALTH.has(health ?? '')).length;
  const words = [
    ...there.map(([health, { mark, colour }]) => small(`${mark} ${count(health)} ${health}`, colour)),
    ...(others === 0 ? [] : [small(`${others} without a health`)]),
  ];
  const [, worst = UNKNOWN] = there[0] ?? [];
  return box(`${nodes.length} ${nodes.length === 1 ? 'resource' : 'resources'}`, words, [], worst.style);
}
