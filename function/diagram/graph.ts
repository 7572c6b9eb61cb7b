/** Writes Graphviz's language, for the features that the diagrams need: https://graphviz.org/doc/info/lang.html */
import { escaped, wrapped } from './words.ts';

/** The font. Graphviz knows the widths of Arial's letters, but does not support a list of fonts. */
const FONT = 'Arial';

const quoted = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** Attributes in brackets. Values that begin with `<` are Graphviz's own HTML and are not quoted. */
export const attributes = (values: Record<string, string>): string =>
  `[${Object.entries(values)
    .map(([name, value]) => `${name}=${value.startsWith('<') ? value : quoted(value)}`)
    .join(' ')}]`;

/** A label: a name with smaller lines below it. */
export const label = (name: string, lines: readonly string[]): string =>
  `<${[
    `<B>${escaped(name)}</B>`,
    ...lines.map((line) => `<FONT POINT-SIZE="10">${escaped(line)}</FONT>`),
  ].join('<BR/>')}>`;

/** An edge with its reason. Dashed edges are for failures. */
export function edge(
  from: string,
  to: string,
  reason = '',
  dashed = false,
  more: Record<string, string> = {},
): string {
  const lines = wrapped(reason).map((line) => ` ${escaped(line)} `);
  const text = reason === '' ? {} : { label: `<${lines.join('<BR ALIGN="LEFT"/>')}<BR ALIGN="LEFT"/>>` };
  // The edges of success are short and straight.
  const kind = dashed
    ? { class: 'catch', style: 'dashed', weight: '0' }
    : { weight: reason === '' ? '4' : '2' };
  return `${from} -> ${to} ${attributes({ ...text, ...kind, ...more })}`;
}

/** A graph of nodes and edges. */
export const digraph = (lines: readonly string[]): string =>
  [
    'digraph {',
    `graph ${attributes({ rankdir: 'TB', compound: 'true', nodesep: '0.45', ranksep: '0.42', pad: '0.2', fontname: FONT, fontsize: '13', bgcolor: 'transparent' })}`,
    `node ${attributes({ shape: 'box', style: 'rounded', fontname: FONT, fontsize: '13', margin: '0.2,0.09' })}`,
    `edge ${attributes({ fontname: FONT, fontsize: '10', arrowsize: '0.7' })}`,
    ...lines,
    '}',
    '',
  ].join('\n');
