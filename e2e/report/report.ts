/** What a run leaves: its summary, what it ran on, and when claims were ready, for people and for docs. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { computer } from '../../tools/computer.ts';
import type { Timed } from '../waves.ts';
import { drawWaves } from './picture.ts';
import { type Outcome, summaryOf } from './summary.ts';
import type { Versions } from './versions.ts';

export interface Report {
  /** As a person types it, such as `make e2e SUBSTRATE=host`. */
  readonly command: string;
  /** Whether nothing was left out by an option. */
  readonly whole: boolean;
  /** Of the working tree, with `-dirty` when it has changes. */
  readonly commit: string;
  readonly machine: ReturnType<typeof computer>;
  readonly versions: Versions;
  readonly outcomes: readonly Outcome[];
  readonly timed: readonly Timed[];
}

/** Below the folder of a run. */
export const REPORT = 'report';
export const FILES = { data: 'report.json', text: 'report.md', waves: 'waves.svg' } as const;

/**
 * The report as Markdown.
 *
 * @param picture - where the picture of the waves is; none where nothing was timed.
 */
export function markdownOf(report: Report, picture: string | undefined): string {
  const { command, commit, machine, versions, outcomes } = report;
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const day = machine.date.slice(0, 10);
  const computer = `${machine.cores} cores, ${Math.round((machine.memoryMB * 1e6) / 2 ** 30)} GiB`;
  const lines = [
    `\`${command}\` on ${day}, commit ${commit}, ${computer}: ${named.join(', ')}.`,
    ...(picture === undefined
      ? []
      : ['', `![Each claim from apply to ready, by waves of resources](${picture})`]),
    '',
    '```text',
    summaryOf(outcomes),
    '```',
  ];
  return lines.join('\n');
}

/** Writes the report below a run's folder, in place of an earlier one. Returns the folder. */
export function writeReport(folder: string, report: Report): string {
  const target = join(folder, REPORT);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const write = (name: string, text: string) => writeFileSync(join(target, name), text);
  const isTimed = report.timed.length > 0;
  write(FILES.data, `${JSON.stringify(report, null, 2)}\n`);
  write(FILES.text, `${markdownOf(report, isTimed ? FILES.waves : undefined)}\n`);
  if (isTimed) write(FILES.waves, drawWaves(report.timed));
  return target;
}
