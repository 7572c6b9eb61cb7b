/** Headings, links and code blocks of a Markdown text, as GitHub reads them. */

export interface CodeBlock {
  /** Such as `sh`; empty when the block has none. */
  readonly language: string;
  readonly text: string;
}

export interface Link {
  /** Where it leads, as it is written: `docs/fields.md#spec`. */
  readonly target: string;
  /** From 1. */
  readonly line: number;
}

const FENCE = /^\s*(`{3,}|~{3,})\s*(\S*)/;
const HEADING = /^ {0,3}#{1,6}\s+(.*?)\s*#*$/;
const INLINE_CODE = /(`+)(?:(?!\1)[\s\S])*?\1/g;
/** Of a link or a picture: the target is followed by a title, or by nothing. */
const INLINE_LINK = /\]\(\s*<?([^\s<>()]+)>?(?:\s+"[^"]*")?\s*\)/g;
const DEFINITION = /^ {0,3}\[[^\]]+\]:\s*(\S+)/;

/** The lines with what is inside of fenced blocks taken out, and these blocks. */
function divided(text: string): { prose: string[]; blocks: CodeBlock[] } {
  const prose: string[] = [];
  const blocks: CodeBlock[] = [];
  let open: { fence: string; language: string; lines: string[] } | undefined;
  for (const line of text.split('\n')) {
    const [, fence, language = ''] = FENCE.exec(line) ?? [];
    const closes = open !== undefined && fence?.startsWith(open.fence) && language === '';
    if (open === undefined && fence !== undefined) open = { fence, language, lines: [] };
    else if (open !== undefined && closes) {
      blocks.push({ language: open.language, text: open.lines.join('\n') });
      open = undefined;
    } else if (open !== undefined) open.lines.push(line);
    prose.push(open === undefined && !closes ? line : '');
  }
  return { prose, blocks };
}

/** The fenced code blocks. */
export const codeBlocksOf = (text: string): CodeBlock[] => divided(text).blocks;

/** What GitHub makes of a heading's text: lower case, hyphens for spaces, and letters, digits, hyphens and underscores of the rest. */
function slugOf(heading: string): string {
  const shown = heading.replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1');
  return shown
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Mark}\p{Number}\p{Connector_Punctuation} -]/gu, '')
    .replaceAll(' ', '-');
}

/** The anchors of a text's headings. The second of one name ends in `-1`, the third in `-2`. */
export function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  const counts = new Map<string, number>();
  for (const line of divided(text).prose) {
    const [, heading] = HEADING.exec(line) ?? [];
    if (heading === undefined) continue;
    const slug = slugOf(heading);
    const count = counts.get(slug) ?? 0;
    counts.set(slug, count + 1);
    anchors.add(count === 0 ? slug : `${slug}-${count}`);
  }
  return anchors;
}

/** The links and pictures of a text, without those in code. */
export function linksOf(text: string): Link[] {
  return divided(text).prose.flatMap((written, index) => {
    const line = written.replace(INLINE_CODE, (code) => ' '.repeat(code.length));
    const [, defined] = DEFINITION.exec(line) ?? [];
    const targets = [...line.matchAll(INLINE_LINK)].map(([, target = '']) => target);
    return [...targets, ...(defined === undefined ? [] : [defined])].map((target) => ({
      target,
      line: index + 1,
    }));
  });
}
