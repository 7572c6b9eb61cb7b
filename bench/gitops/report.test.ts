import { expect, it } from 'vitest';
import type { Cost } from './measure.ts';
import { amount, type Measured, report, times } from './report.ts';
import { settingNamed } from './settings.ts';

it.each([
  [2.468, 's', '2.47 s'],
  [24.68, 's', '24.7 s'],
  [246.8, 'MB', '247 MB'],
  [7, '', '7'],
  [undefined, 's', '-'],
  [Number.NaN, 'ms', '-'],
])('%s %s is written %s', (value, unit, text) => {
  expect(amount(value, unit)).toBe(text);
});

it.each([
  [30, 10, '3.0x'],
  [1234, 10, '123x'],
  [1, 0, '-'],
  [undefined, 1, '-'],
])('%s beside %s is %s', (value, baseline, text) => {
  expect(times(value, baseline)).toBe(text);
});

const processes = (value: number) => ({
  controller: value,
  'repo server': value,
  Redis: value,
  'API server': value,
  etcd: value,
});
const cost = (seconds: number): Cost => ({
  applied: seconds,
  healthy: seconds,
  cpu: processes(seconds),
  requests: seconds,
  generation: seconds,
});
const small = { applications: 1, claims: 10 };
const large = { applications: 1, claims: 1000 };
const measured = (layout: Measured['layout'], setting: string, value: number): Measured => ({
  ...{
    layout,
    setting,
    what: settingNamed(setting).what,
    each: cost(value),
    one: cost(value),
    own: cost(value),
  },
  ...{ memory: processes(value), peak: processes(value), databaseMB: value },
});

it('layouts stand beside the baseline, settings beside ours on the same fleet', () => {
  const text = report([
    { ...measured(small, 'ours', 1), rollOut: cost(1) },
    { ...measured(large, 'ours', 4), rollOut: cost(4) },
    measured(large, 'stock-qps', 8),
  ]);
  const lines = text.split('\n').map((line) => line.split(/ {2,}/));
  expect(lines[0]).toEqual(['Applications x claims', '1 x 10', '1 x 1000']);
  expect(lines).toContainEqual(['new fleet: applied', '1.00 s', '4.00 s', '4.0x']);
  const headings = ['all changed', 'its CPU', 'requests', 'one changed', 'its CPU', 'requests'];
  expect(lines).toContainEqual(['1 x 1000', ...headings]);
  const seconds = ['8.00 s', '2.0x', '8.00 s', '2.0x', '8', '2.0x'];
  expect(lines).toContainEqual(['QPS 50, burst 100', ...seconds, ...seconds]);
});
