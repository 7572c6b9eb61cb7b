import { expect, it } from 'vitest';
import { mapping } from './mapping.ts';

const { to, from } = mapping(
  {
    'rule[].key': { is: 'Rules[].KeyEnabled', absent: false, unsaid: false },
    'logging.data': { is: 'logging.includeData', absent: false, unsent: false },
    'settings.burst': 'Settings.Burst',
  },
  {},
  { 'Settings.Metrics': false },
);

it('sends what the provider sends where the manifest says nothing, and leaves out what it leaves out', () => {
  expect(to({ rule: [{}, { key: true }], logging: { data: false }, settings: { burst: 20 } })).toEqual({
    Rules: [{ KeyEnabled: false }, { KeyEnabled: true }],
    Settings: { Burst: 20, Metrics: false },
  });
  expect(to({ logging: { data: true } })).toEqual({
    logging: { includeData: true },
    Settings: { Metrics: false },
  });
});

it('reads an absent value as what it means', () => {
  expect(from({ Rules: [{}], logging: {} })).toEqual({ rule: [{ key: false }], logging: { data: false } });
});
