/** The options of `make bench-gitops`, and how claims are divided among Applications. */
import { oneOf, words } from '../../tools/options.ts';
import { SETTINGS, type Setting } from './settings.ts';

/** How a fleet is divided: a number of Applications, and of claims in each. */
export interface Layout {
  readonly applications: number;
  readonly claims: number;
}

export interface ScaleOptions {
  readonly layouts: readonly Layout[];
  /** What the others are compared with. */
  readonly baseline: Layout;
  /** Measured on the fleet of each layout, beside our own. */
  readonly settings: readonly Setting[];
}

const BASELINE: Layout = { applications: 1, claims: 10 };
const DEFAULT_COUNT = 1000;
const DEFAULT_LAYOUTS = '1,10,100';

/** @throws naming the option when it is no whole number above 0. */
function count(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name}=${text} is no whole number above 0`);
  return value;
}

/**
 * Options from the environment: COUNT, the claims of a fleet; LAYOUTS, among how many Applications they are divided, one fleet for each;
 * SETTINGS. An empty one counts as not given.
 *
 * @throws naming the option that is not what it should be.
 */
export function readScaleOptions(env: NodeJS.ProcessEnv): ScaleOptions {
  const claims = count('COUNT', env['COUNT'] || String(DEFAULT_COUNT));
  const layouts = words(env['LAYOUTS'] || DEFAULT_LAYOUTS).map((text) => {
    const applications = count('LAYOUTS', text);
    if (claims % applications !== 0)
      throw new Error(`LAYOUTS=${text} does not divide COUNT=${claims}: name numbers that do, such as 1,10`);
    return { applications, claims: claims / applications };
  });
  const known = [...SETTINGS.map(({ name }) => name), 'all'];
  const asked = words(env['SETTINGS']).map((name) => oneOf('SETTINGS', name, known));
  const settings = SETTINGS.filter(
    ({ name }) => name !== 'ours' && (asked.includes('all') || asked.includes(name)),
  );
  return { layouts, baseline: BASELINE, settings };
}

/** A layout as the tables call it, such as `10 x 100`. */
export const nameOf = ({ applications, claims }: Layout) => `${applications} x ${claims}`;
