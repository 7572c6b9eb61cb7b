/** What `make run` shows: a live list on a terminal, plain lines elsewhere, and tables. */
import type { Progress } from './composite.ts';

const terminal = process.stdout.isTTY === true;
const paint = (code: number, text: string) =>
  terminal && !process.env['NO_COLOR'] ? `\x1b[${code}m${text}\x1b[0m` : text;
export const green = (text: string) => paint(32, text);
export const dim = (text: string) => paint(2, text);
export const bold = (text: string) => paint(1, text);

/** Columns a text takes on a terminal: East Asian and emoji characters take two. */
export function width(text: string): number {
  let columns = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    columns +=
      /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u.test(
        segment,
      )
        ? 2
        : 1;
  }
  return columns;
}

/** Control characters would act on the terminal: they are shown as JSON has them. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, (character) => JSON.stringify(character).slice(1, -1));
}

/** Rows under headings, in aligned columns; numbers to the right. */
export function table(headings: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = rows.map((row) => row.map((cell) => printable(String(cell))));
  const widths = headings.map((heading, column) =>
    Math.max(width(heading), ...cells.map((row) => width(row[column] ?? ''))),
  );
  const line = (row: readonly string[], right: (column: number) => boolean) =>
    row
      .map((cell, column) => {
        const pad = ' '.repeat((widths[column] ?? 0) - width(cell));
        return right(column) ? pad + cell : cell + pad;
      })
      .join('  ')
      .trimEnd();
  const numeric = (column: number) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number');
  return [bold(line(headings, numeric)), ...cells.map((row) => line(row, numeric))].join('\n');
}

/** Seconds since a moment, such as `1.2 s`. */
export const since = (start: number) => `${((performance.now() - start) / 1000).toFixed(1)} s`;

/** A message that is gone sooner is a resource waiting for another, not an error. */
const PASSING_MS = 2000;

/** Shows progress; each call of what it returns replaces (terminal) or adds to (elsewhere) what was shown. */
export function progressList(): (progress: Progress) => void {
  const start = performance.now();
  const shown = new Map<string, string>();
  const failingSince = new Map<string, number>();
  let lines = 0;
  const state = ({ key, message, ready }: Progress['resources'][number]) => {
    if (message === undefined) {
      failingSince.delete(key);
      return ready ? 'ready' : 'creating';
    }
    const first = failingSince.get(key) ?? performance.now();
    failingSince.set(key, first);
    return performance.now() - first > PASSING_MS ? message : 'creating';
  };
  const plain = ({ resources }: Progress) => {
    for (const resource of resources) {
      const now = state(resource);
      if (now === 'creating' || shown.get(resource.key) === now) continue;
      shown.set(resource.key, now);
      console.log(`  ${since(start).padStart(7)}  ${resource.kind} ${resource.key}: ${now}`);
    }
  };
  const live = ({ resources, waitingFor }: Progress) => {
    const columns = process.stdout.columns || 80;
    const list = [
      ...resources.map((resource) => {
        const now = state(resource);
        const text = printable(`${resource.key} (${resource.kind})${now === 'ready' ? '' : `: ${now}`}`);
        return `  ${now === 'ready' ? green('✓') : '·'} ${text.slice(0, columns - 5)}`;
      }),
      ...waitingFor.map((text) => dim(`  … ${text.slice(0, columns - 5)}`)),
    ];
    process.stdout.write(`${lines > 0 ? `\x1b[${lines}A\x1b[J` : ''}${list.join('\n')}\n`);
    lines = list.length;
  };
  return terminal ? live : plain;
}
