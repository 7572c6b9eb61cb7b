import { describe, expect, it } from 'vitest';
import { compared, isMet, json, type Section, sampled, tableOf } from './report.ts';
import { interleave, median, quantile, summarise } from './stats.ts';

describe('quantile', () => {
  it.each([
    { why: 'one sample is every quantile', samples: [7], q: 0.99, is: 7 },
    { why: 'an even count has its median between two', samples: [4, 1, 3, 2], q: 0.5, is: 2.5 },
    { why: 'numbers, not text, are sorted', samples: [10, 9, 100], q: 1, is: 100 },
    { why: 'p99 of 0..100', samples: Array.from({ length: 101 }, (_, n) => n), q: 0.99, is: 99 },
  ])('$why', ({ samples, q, is }) => expect(quantile(samples, q)).toBe(is));

  it('refuses to summarise nothing', () => expect(() => median([])).toThrow('no samples to summarise'));

  it('summarises without changing the samples', () => {
    const samples = [3, 1, 2];
    expect(summarise(samples)).toEqual({ count: 3, min: 1, p50: 2, p99: 2.98, max: 3 });
    expect(samples).toEqual([3, 1, 2]);
  });
});

it('interleaves, the first to go changing', async () => {
  const order: string[] = [];
  const task = (name: string) => async () => void order.push(name);
  await interleave(3, task('subject'), task('baseline'));
  expect(order).toEqual(['subject', 'baseline', 'baseline', 'subject', 'subject', 'baseline']);
});

describe('a row', () => {
  it('of samples is their median, or another quantile', () => {
    expect(sampled('start', 'ms', [1, 3, 2], [4, 8, 6], { atMost: 1 })).toMatchObject({
      subject: 2,
      baseline: 6,
      target: { of: 'ratio', atMost: 1 },
    });
    expect(sampled('start', 'ms', [1, 3, 2], undefined, { q: 1 })).toEqual({
      name: 'start',
      unit: 'ms',
      subject: 3,
      samples: { subject: summarise([1, 2, 3]) },
    });
  });

  it('says how many times the cost of the baseline it takes, for a rate too', () => {
    expect(compared('p50', 'ms', 3, 2).ratio).toBe(1.5);
    expect(compared('rate', 'renders/s', 1000, 1500).ratio).toBe(1.5);
  });

  it.each([
    { why: 'no target', row: compared('p50', 'ms', 3, 2), met: undefined },
    { why: 'the limit itself meets it', row: compared('p50', 'ms', 3, 2, 1.5), met: true },
    { why: 'above the limit', row: compared('p50', 'ms', 3.1, 2, 1.5), met: false },
    {
      why: 'a budget of its own',
      row: { name: 'zip', unit: 'bytes', subject: 10, target: { of: 'subject', atMost: 9 } },
      met: false,
    },
  ] as const)('$why', ({ row, met }) => expect(isMet(row)).toBe(met));
});

describe('the output', () => {
  const sections: Section[] = [
    {
      name: 'function',
      against: 'echo',
      rows: [compared('p50', 'ms', 1.234, 1, 1.5), compared('p99', 'ms', 123, 61.5, 1.5)],
    },
    {
      name: 'sizes',
      against: '',
      rows: [
        { name: 'a.zip', unit: 'bytes', subject: 63068, target: { of: 'subject', atMost: 143360 } },
        { name: 'main.js', unit: 'bytes', subject: 610383 },
      ],
    },
  ];

  it('is a table', () => {
    expect(tableOf(sections)).toBe(
      [
        'benchmark  what     against   measured  baseline  ratio        target  met',
        'function   p50      echo       1.23 ms   1.00 ms  1.23x      <= 1.50x  yes',
        '           p99      echo        123 ms   61.5 ms  2.00x      <= 1.50x   NO',
        'sizes      a.zip              63,068 B                   <= 143,360 B  yes',
        '           main.js           610,383 B',
      ].join('\n'),
    );
  });

  it('is JSON with the machine, and the rows with their samples', () => {
    const start = { name: 'start', against: 'echo', rows: [sampled('first', 'ms', [1], [2])] };
    const { machine, quick, benchmarks } = JSON.parse(json([...sections, start], true));
    expect(machine).toMatchObject({ node: process.version, cores: expect.any(Number) });
    expect(quick).toBe(true);
    expect(benchmarks[0].rows[1]).toMatchObject({ name: 'p99', ratio: 2, met: false });
    expect(benchmarks[2].rows[0].samples).toEqual({
      subject: { count: 1, min: 1, p50: 1, p99: 1, max: 1 },
      baseline: { count: 1, min: 2, p50: 2, p99: 2, max: 2 },
    });
  });
});
