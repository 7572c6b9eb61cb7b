import { expect, it } from 'vitest';
import { nameOf, readScaleOptions } from './options.ts';

it('without options it is 1,000 claims in one Application, in ten and in a hundred', () => {
  const { layouts, baseline, settings } = readScaleOptions({ COUNT: '', LAYOUTS: '' });
  expect(layouts.map(nameOf)).toEqual(['1 x 1000', '10 x 100', '100 x 10']);
  expect(nameOf(baseline)).toBe('1 x 10');
  expect(settings).toEqual([]);
});

it('settings are measured in the order of the table, not as they are named; ours always is', () => {
  const { settings } = readScaleOptions({ SETTINGS: 'client-side-apply ours,stock-qps' });
  expect(settings.map(({ name }) => name)).toEqual(['stock-qps', 'client-side-apply']);
});

it('all settings but ours, which comes first by itself', () => {
  const { settings } = readScaleOptions({ SETTINGS: 'all' });
  expect(settings.map(({ name }) => name)).not.toContain('ours');
  expect(settings.at(-1)?.name).toBe('client-side-apply');
});

it.each([
  [{ COUNT: 'many' }, 'COUNT=many is no whole number above 0'],
  [{ COUNT: '0' }, 'COUNT=0 is no whole number above 0'],
  [
    { COUNT: '50', LAYOUTS: '1,100' },
    'LAYOUTS=100 does not divide COUNT=50: name numbers that do, such as 1,10',
  ],
  [{ SETTINGS: 'faster' }, 'SETTINGS=faster is not known'],
])('%o is refused', (env, message) => {
  expect(() => readScaleOptions(env)).toThrow(message);
});
