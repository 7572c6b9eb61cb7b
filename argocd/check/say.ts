/** The output of `make check`. */

/** A text without line breaks, as each problem has one line. */
export const oneLine = (text: string) => text.trim().replaceAll(/\s*\n\s*/g, ' ');

const counted = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;

/** The summary: what was checked, and how many problems there are. */
export function summary(environments: number, claims: number, problems: number): string {
  const verdict = problems > 0 ? counted(problems, 'problem') : 'nothing wrong';
  return `${counted(environments, 'environment')}, ${counted(claims, 'claim')}: ${verdict}`;
}
