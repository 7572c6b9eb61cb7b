/** The tree of an Application as a graph: left to right, a column for each generation. */
import { attributes, digraph, edge } from '../../../function/diagram/graph.ts';
import { type Box, boxOf, folded } from './boxes.ts';
import type { TreeNode } from './tree.ts';

/** Points between columns, and between boxes of one. */
const [APART, BELOW] = [44, 7];
const PER_INCH = 72;

export interface DrawOptions {
  /** Names of those below the Application whose own parts are drawn one by one; those of all when absent. */
  readonly whole?: readonly string[];
}

interface Placed {
  readonly box: Box;
  readonly column: number;
  /** Of the box's middle, in points from the top. */
  readonly y: number;
  readonly children: Placed[];
  /** Of the box and all that is right of it. */
  readonly height: number;
}

const moved = (placed: Placed, by: number): Placed => ({
  ...placed,
  y: placed.y + by,
  children: placed.children.map((child) => moved(child, by)),
});

/** A box in the middle beside its children, which are one below the other: so the lines of two parents never meet. */
function place(box: Box, column: number, children: readonly Placed[]): Placed {
  const block = children.reduce((sum, { height }) => sum + height + BELOW, 0) - BELOW;
  const height = Math.max(box.height, block);
  let top = (height - block) / 2;
  const below = children.map((child) => {
    const here = moved(child, top);
    top += child.height + BELOW;
    return here;
  });
  return { box, column, y: height / 2, children: below, height };
}

function placeNode(node: TreeNode, column: number, options: DrawOptions): Placed {
  const { whole } = options;
  const isFolded =
    column > 0 && node.children.length > 0 && whole !== undefined && !whole.includes(node.name);
  const children = isFolded
    ? [place(folded(node.children), column + 1, [])]
    : node.children.map((child) => placeNode(child, column + 1, options));
  return place(boxOf(node), column, children);
}

const all = (placed: Placed): Placed[] => [placed, ...placed.children.flatMap(all)];

/** A table, since the text of a box that is wider than it stands in the middle. */
const label = ({ lines }: Box, width: number) =>
  `<<TABLE BORDER="0" CELLSPACING="0" CELLPADDING="0" WIDTH="${(width - 16).toFixed(0)}">${lines
    .map(({ html }) => `<TR><TD ALIGN="LEFT">${html}</TD></TR>`)
    .join('')}</TABLE>>`;

/** The graph of a tree, with the place of each box: Graphviz has nothing to decide. Boxes of a column are equally wide. */
export function dotOfTree(root: TreeNode, options: DrawOptions): string {
  const placed = all(placeNode(root, 0, options));
  const widths: number[] = [];
  for (const { box, column } of placed) widths[column] = Math.max(widths[column] ?? 0, box.width);
  const left = (column: number) => widths.slice(0, column).reduce((sum, width) => sum + width + APART, 0);
  const ids = new Map(placed.map((one, index) => [one, `n${index}`]));
  const nodes = placed.map((one) => {
    const { box, column, y } = one;
    const width = widths[column] ?? 0;
    return `${ids.get(one)} ${attributes({
      label: label(box, width),
      class: box.style,
      pos: `${(left(column) + width / 2).toFixed(1)},${(-y).toFixed(1)}!`,
      width: (width / PER_INCH).toFixed(3),
      height: (box.height / PER_INCH).toFixed(3),
    })}`;
  });
  const edges = placed.flatMap((one) =>
    one.children.map((child) =>
      edge(`${ids.get(one)}:e`, `${ids.get(child)}:w`, '', false, { style: 'dashed', arrowhead: 'none' }),
    ),
  );
  return digraph([
    `graph ${attributes({ layout: 'neato', inputscale: String(PER_INCH), splines: 'line' })}`,
    `node ${attributes({ margin: '0' })}`,
    ...nodes,
    ...edges,
  ]);
}
