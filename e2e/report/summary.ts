/** What a run proved, for a terminal and for the README. */
export interface Outcome {
  readonly name: string;
  readonly title: string;
  readonly result: 'passed' | 'failed' | 'skipped';
  readonly seconds: number;
  /** Figures; of a failed one what was wrong, of a skipped one why. */
  readonly lines: readonly string[];
}

const MARK = { passed: 'passed', failed: 'FAILED', skipped: 'skipped' } as const;

/** The summary as text: one line a scenario, its figures below. */
export function summaryOf(outcomes: readonly Outcome[]): string {
  const width = Math.max(...outcomes.map(({ name }) => name.length));
  const lines = outcomes.flatMap(({ name, title, result, seconds, lines: figures }) => [
    `${MARK[result].padEnd(8)}${name.padEnd(width + 2)}${`${seconds.toFixed(0)} s`.padStart(6)}  ${title}`,
    ...figures.flatMap((line) => line.split('\n')).map((line) => `${' '.repeat(8)}${line}`),
  ]);
  const count = (result: Outcome['result']) => outcomes.filter((outcome) => outcome.result === result).length;
  return [
    ...lines,
    '',
    `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`,
  ].join('\n');
}
