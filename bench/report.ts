/** The results of a benchmark: rows with a figure, mostly a baseline to compare it with, and some with a target. */
import { computer } from '../tools/computer.ts';
import { table } from '../tools/terminal.ts';
import { quantile, type Summary, summarise } from './stats.ts';

export type Unit = 'ms' | 'MB' | 'bytes' | 'renders/s' | 'times';

export interface Row {
  readonly name: string;
  readonly unit: Unit;
  readonly subject: number;
  readonly baseline?: number;
  /** How many times the baseline's cost: below 1 is better than the baseline, for rates too. */
  readonly ratio?: number;
  /** The most that the ratio, or the subject itself, is to be. */
  readonly target?: { of: 'ratio' | 'subject'; atMost: number };
  /** What the figures were taken from, where that is more than one. */
  readonly samples?: { subject: Summary; baseline?: Summary };
}

export interface Section {
  /** What `--only` calls it. */
  readonly name: string;
  /** What the baseline is; empty where there is none. */
  readonly against: string;
  readonly rows: Row[];
}

/** A row with its ratio: for times and sizes subject / baseline, for rates baseline / subject. */
export function compared(
  name: string,
  unit: Unit,
  subject: number,
  baseline: number,
  atMost?: number,
): Row & { ratio: number } {
  const ratio = unit === 'renders/s' ? baseline / subject : subject / baseline;
  return {
    name,
    unit,
    subject,
    baseline,
    ratio,
    ...(atMost !== undefined && { target: { of: 'ratio', atMost } }),
  };
}

/** A row of samples, of a baseline's beside them if there is one: their median, or another quantile. */
export function sampled(
  name: string,
  unit: Unit,
  ours: readonly number[],
  theirs?: readonly number[],
  { q = 0.5, atMost }: { q?: number; atMost?: number | undefined } = {},
): Row {
  const subject = quantile(ours, q);
  const samples = { subject: summarise(ours) };
  if (!theirs) return { name, unit, subject, samples };
  return {
    ...compared(name, unit, subject, quantile(theirs, q), atMost),
    samples: { ...samples, baseline: summarise(theirs) },
  };
}

/** Whether a row meets its target; undefined where it has none. */
export function isMet({ subject, ratio, target }: Row): boolean | undefined {
  if (!target) return undefined;
  return (target.of === 'subject' ? subject : (ratio ?? Number.POSITIVE_INFINITY)) <= target.atMost;
}

function amount(value: number | undefined, unit: Unit): string {
  if (value === undefined) return '';
  if (Number.isNaN(value)) return 'not measured';
  if (unit === 'bytes') return `${value.toLocaleString('en-US')} B`;
  if (unit === 'times') return `${value.toFixed(2)}x`;
  return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ${unit}`;
}

function targetText({ unit, target }: Row): string {
  if (!target) return '';
  return `<= ${target.of === 'ratio' ? amount(target.atMost, 'times') : amount(target.atMost, unit)}`;
}

/** The table that people read. */
export function tableOf(sections: readonly Section[]): string {
  const headings = ['benchmark', 'what', 'against', 'measured', 'baseline', 'ratio', 'target', 'met'];
  const rows = sections.flatMap(({ name, against, rows }) =>
    rows.map((row, index) => {
      const met = isMet(row);
      return [
        index === 0 ? name : '',
        row.name,
        row.baseline === undefined ? '' : against,
        amount(row.subject, row.unit),
        amount(row.baseline, row.unit),
        amount(row.ratio, 'times'),
        targetText(row),
        met === undefined ? '' : met ? 'yes' : 'NO',
      ];
    }),
  );
  return table(headings, rows, 3);
}

/** The same for programs, with what the computer was. */
export function json(sections: readonly Section[], quick: boolean): string {
  const benchmarks = sections.map((section) => ({
    ...section,
    rows: section.rows.map((row) => ({ ...row, met: isMet(row) })),
  }));
  return `${JSON.stringify({ machine: computer(), quick, benchmarks }, null, 2)}\n`;
}
