/** How `make check` says things. */

/** A text without its line breaks: each problem has one line. */
export const oneLine = (text: string) => text.trim().replaceAll(/\s*\n\s*/g, ' ');

const counted = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;

/** What was looked at, and how much of it is wrong. */
export function summary(environments: number, claims: number, problems: number): string {
  const verdict = problems > 0 ? counted(problems, 'problem') : 'nothing wrong';
  return `${counted(environments, 'environment')}, ${counted(claims, 'claim')}: ${verdict}`;
}
