import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { computer } from '../../tools/computer.ts';
import type { Timed } from '../waves.ts';
import { checkFit, withReport } from './document.ts';
import { drawWaves } from './picture.ts';
import { markdownOf, type Report, writeReport } from './report.ts';
import { providersIn, tagOf } from './versions.ts';

const ready = (key: string, createdMs: number, readyMs: number) => ({
  key,
  kind: 'Kind',
  createdMs,
  readyMs,
});
const TIMED: Timed = {
  name: 'examples/a<b>.yaml',
  firstFileMs: 8000,
  readyMs: 42_000,
  waves: [
    { fromMs: 500, toMs: 7000, resources: [ready('bucket', 500, 7000)] },
    { fromMs: 7100, toMs: 41_000, resources: [ready('queue', 7100, 41_000)] },
  ],
};
const REPORT: Report = {
  command: 'make e2e SUBSTRATE=host',
  whole: true,
  commit: '1a2b3c4',
  machine: { ...computer(), cores: 2, memoryMB: 25_281, date: '2026-05-04T03:02:01.000Z' },
  versions: { Kubernetes: 'v1.34.4', MiniStack: '1.5.33' },
  outcomes: [
    { name: 'drift', title: 'drift is healed', result: 'passed', seconds: 61, lines: ['after 4 s'] },
  ],
  timed: [TIMED],
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'report-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

it('says what ran on what, with the summary', () => {
  expect(markdownOf(REPORT, undefined)).toBe(
    [
      '`make e2e SUBSTRATE=host` on 2026-05-04, commit 1a2b3c4, 2 cores, 24 GiB: Kubernetes v1.34.4, MiniStack 1.5.33.',
      '',
      '```text',
      'passed  drift    61 s  drift is healed',
      '        after 4 s',
      '',
      '1 passed, 0 failed, 0 skipped',
      '```',
    ].join('\n'),
  );
});

it('is written in place of the one before, with a picture where claims were timed', () => {
  const written = writeReport(folder, REPORT);
  expect(readdirSync(written).sort()).toEqual(['report.json', 'report.md', 'waves.svg']);
  expect(JSON.parse(readFileSync(join(written, 'report.json'), 'utf8'))).toEqual(REPORT);
  expect(readFileSync(join(written, 'report.md'), 'utf8')).toContain('](waves.svg)');
  writeReport(folder, { ...REPORT, timed: [] });
  expect(existsSync(join(written, 'waves.svg'))).toBe(false);
});

it('draws a row for each claim, a bar for each wave, to scale', () => {
  const svg = drawWaves([TIMED, { ...TIMED, name: 'never', readyMs: undefined }]);
  expect(svg.match(/<rect class="wave"/g)).toHaveLength(4);
  expect(svg.match(/<circle class="first" cx="3/g)).toHaveLength(2);
  expect(svg.match(/<line class="ready"/g)).toHaveLength(2);
  expect(svg).toContain('examples/a&lt;b&gt;.yaml');
  const [from, width] =
    [...svg.matchAll(/class="wave" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g)][1]?.slice(1) ?? [];
  // 620 points for 45 seconds, beginning at 280.
  expect([Number(from), Number(width)]).toEqual([
    expect.closeTo(280 + (620 * 7.1) / 45, 0),
    expect.closeTo((620 * 33.9) / 45, 0),
  ]);
});

describe('versions', () => {
  it.each([
    ['xpkg.example/a/provider:v2.5.0', 'v2.5.0'],
    ['registry.example:5000/a/provider:v2.5.0@sha256:00', 'v2.5.0'],
    ['registry.example:5000/a/provider', 'registry.example:5000/a/provider'],
  ])('of %s', (image, tag) => expect(tagOf(image)).toBe(tag));

  it('of providers, each once', () => {
    const items = ['a:v1', 'b:v1', 'c:v2'].map((image) => ({ spec: { package: image } }));
    expect(providersIn({ items })).toBe('v1 (2 packages), v2 (1 packages)');
  });
});

describe('in docs', () => {
  const PAGE = 'before\n<!-- make it: begin -->\nold\n<!-- make it: end -->\nafter\n';

  it('stands between the markers of its command', () => {
    const page = 'before\n<!-- make it: begin -->\n\nnew\n\n<!-- make it: end -->\nafter\n';
    expect(withReport(PAGE, 'make it', 'new')).toBe(page);
    expect(withReport(page, 'make it', 'new')).toBe(page);
  });

  it('needs a place', () =>
    expect(() => withReport(PAGE, 'make that', 'new')).toThrow(
      'has no place for it. Add the lines "<!-- make that: begin -->" and "<!-- make that: end -->".',
    ));

  it.each<[string, Partial<Report>, string]>([
    ['in part', { whole: false }, 'ran in part. Run all of it, without SCENARIOS and EXAMPLES.'],
    [
      'failed',
      { outcomes: [{ name: 'drift', title: '', result: 'failed', seconds: 1, lines: [] }] },
      'failed: drift. Mend that first.',
    ],
    ['of uncommitted code', { commit: '1a2b3c4-dirty' }, 'ran on uncommitted changes of 1a2b3c4-dirty.'],
  ])('is refused when %s', (_, change, message) => {
    expect(() => checkFit({ ...REPORT, ...change })).toThrow(`make e2e SUBSTRATE=host ${message}`);
    checkFit(REPORT);
  });
});
