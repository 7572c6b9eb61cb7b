/** What a program shows on a terminal: colours, tables, lines with the time since it began. */
import { once } from 'node:events';

/** Whether standard output is a terminal. */
export const isTerminal = process.stdout.isTTY === true;
const paint = (code: number, text: string) =>
  isTerminal && !process.env['NO_COLOR'] ? `\x1b[${code}m${text}\x1b[0m` : text;
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

/**
 * Rows under headings, in aligned columns; numbers to the right.
 *
 * @param numbersFrom - columns from this one on are numbers with their units: to the right, too.
 */
export function table(
  headings: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  numbersFrom = headings.length,
): string {
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
  const numeric = (column: number) =>
    column >= numbersFrom || (rows.length > 0 && rows.every((row) => typeof row[column] === 'number'));
  return [bold(line(headings, numeric)), ...cells.map((row) => line(row, numeric))].join('\n');
}

/** Seconds since a moment, such as `1.2 s`. */
export const since = (start: number) => `${((performance.now() - start) / 1000).toFixed(1)} s`;

/** What a shell says of a program that Ctrl-C ended. */
export const INTERRUPTED = 130;

const begin = performance.now();

/** A line with the seconds since the run began before it. */
export function stamped(line: string): string {
  const seconds = `${((performance.now() - begin) / 1000).toFixed(0)} s`.padStart(7);
  return `${dim(seconds)}  ${line}`;
}

/** Prints a line with the seconds since the run began. */
export const say = (line: string): void => console.log(stamped(line));

/** Says how to use what KEEP=1 left up, and waits for the signal that ends it all, such as Ctrl-C. */
export async function untilStopped(usage: readonly string[]): Promise<void> {
  console.log(`\n${bold('KEEP=1')}: everything stays up until you press Ctrl-C. In another terminal:`);
  for (const line of usage) console.log(`  ${line}`);
  const alive = setInterval(() => undefined, 60_000);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  clearInterval(alive);
}

/** Writes a line to the terminal at once; a test runner keeps what goes through `console` until the test ends. */
export function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
