/** The tables of `make bench-gitops`. */
import { table } from '../../tools/terminal.ts';
import type { Cost, ProcessName } from './measure.ts';
import { type Layout, nameOf } from './options.ts';

/** What one setting of Argo CD costs on a fleet. */
export interface Measured {
  readonly layout: Layout;
  /** The setting's name, and what it is. */
  readonly setting: string;
  readonly what: string;
  /** Only of the setting that the fleet was made with. */
  readonly rollOut?: Cost;
  readonly each: Cost;
  readonly one: Cost;
  readonly own: Cost;
  readonly memory: Readonly<Record<ProcessName, number>>;
  readonly peak: Readonly<Record<ProcessName, number>>;
  /** Of etcd. */
  readonly databaseMB: number;
}

interface Figure {
  readonly name: string;
  readonly unit: string;
  value(measured: Measured): number | undefined;
}

const PROCESSES: readonly ProcessName[] = ['controller', 'repo server', 'Redis', 'API server', 'etcd'];

function figuresOf(what: string, change: 'rollOut' | 'each' | 'one' | 'own'): Figure[] {
  const figure = (name: string, unit: string, value: (cost: Cost) => number): Figure => ({
    ...{ name: `${what}: ${name}`, unit },
    value: ({ [change]: cost }) => cost && value(cost),
  });
  return [
    figure('applied', 's', ({ applied }) => applied),
    figure('Synced and Healthy', 's', ({ healthy }) => healthy),
    figure('CPU of controller', 's', ({ cpu }) => cpu.controller),
    figure('CPU of repo server', 's', ({ cpu }) => cpu['repo server']),
    figure('CPU of API server', 's', ({ cpu }) => cpu['API server']),
    figure('requests', '', ({ requests }) => requests),
    figure('manifests of an Application', 'ms', ({ generation }) => generation),
  ];
}

const FIGURES: readonly Figure[] = [
  ...figuresOf('new fleet', 'rollOut'),
  ...figuresOf('all changed', 'each'),
  // Where all are told of one's change, nearly all manifests come from the cache.
  ...figuresOf('one changed', 'one').filter(({ name }) => !name.includes('manifests')),
  ...figuresOf('one changed, its own told', 'own'),
  ...PROCESSES.map(
    (name): Figure => ({ name: `memory of ${name}`, unit: 'MB', value: ({ memory }) => memory[name] }),
  ),
  { name: "etcd's file", unit: 'MB', value: ({ databaseMB }) => databaseMB },
  { name: 'memory of controller, most', unit: 'MB', value: ({ peak }) => peak.controller },
];

/** A figure with its unit: three digits, and none after the point for counts. */
export function amount(value: number | undefined, unit: string): string {
  if (value === undefined || Number.isNaN(value)) return '-';
  const digits = unit === '' || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)}${unit === '' ? '' : ` ${unit}`}`;
}

/** How many times the baseline's; `-` where there is none or it is nothing. */
export function times(value: number | undefined, baseline: number | undefined): string {
  if (value === undefined || baseline === undefined || !(baseline > 0) || Number.isNaN(value)) return '-';
  return `${(value / baseline).toFixed(value / baseline < 10 ? 1 : 0)}x`;
}

/** A row for each figure, a column for each fleet, and beside it how many times the first one's it is. */
function layoutTable(fleets: readonly Measured[]): string {
  const [baseline] = fleets;
  const headings = fleets.flatMap(({ layout }, index) =>
    index === 0 ? [nameOf(layout)] : [nameOf(layout), ''],
  );
  const rows = FIGURES.map(({ name, unit, value }) => {
    const base = baseline === undefined ? undefined : value(baseline);
    const cells = fleets.map((fleet) => [amount(value(fleet), unit), times(value(fleet), base)]);
    return [name, ...cells.flat().toSpliced(1, 1)];
  }).filter(([, ...cells]) => cells.some((cell) => cell !== '-'));
  return table(['Applications x claims', ...headings], rows, 1);
}

const CHANGES: readonly Figure[] = [
  { name: 'all changed', unit: 's', value: ({ each }) => each.healthy },
  { name: 'its CPU', unit: 's', value: ({ each }) => each.cpu.controller },
  { name: 'requests', unit: '', value: ({ each }) => each.requests },
  { name: 'one changed', unit: 's', value: ({ one }) => one.healthy },
  { name: 'its CPU', unit: 's', value: ({ one }) => one.cpu.controller },
  { name: 'requests', unit: '', value: ({ one }) => one.requests },
];

/** A row for each setting that one fleet was measured with, and beside each figure how many times ours it is. */
function settingTable(measured: readonly Measured[]): string {
  const [ours] = measured;
  const headings = CHANGES.flatMap(({ name }) => [name, '']);
  const rows = measured.map((one) => [
    one.what,
    ...CHANGES.flatMap(({ unit, value }) => [
      amount(value(one), unit),
      one === ours ? '' : times(value(one), ours && value(ours)),
    ]),
  ]);
  return table([ours === undefined ? '' : nameOf(ours.layout), ...headings], rows, 1);
}

/** The layouts beside the baseline, and for each layout with more than one setting the settings beside ours. */
export function report(measured: readonly Measured[]): string {
  const ours = measured.filter(({ setting }) => setting === 'ours');
  const settings = ours
    .map(({ layout }) => measured.filter((one) => nameOf(one.layout) === nameOf(layout)))
    .filter(({ length }) => length > 1);
  return [layoutTable(ours), ...settings.map(settingTable)].join('\n\n');
}
