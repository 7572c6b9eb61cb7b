import { expect, it } from 'vitest';
import { readOptions } from './options.ts';

const KNOWN = ['examples', 'drift'];
const NOTHING = { keep: false, only: [] };

it.each([
  [{}, { substrate: 'kind', emulator: 'localstack', ...NOTHING }],
  [{ EMULATOR: 'ministack' }, { substrate: 'kind', emulator: 'ministack', ...NOTHING }],
  [
    { SUBSTRATE: 'host', KEEP: '1' },
    { substrate: 'host', emulator: 'ministack', keep: true, only: [] },
  ],
  [
    { SUBSTRATE: '', SCENARIOS: 'drift, examples' },
    { substrate: 'kind', emulator: 'localstack', keep: false, only: ['drift', 'examples'] },
  ],
])('%j', (env, options) => {
  expect(readOptions(env, KNOWN)).toEqual(options);
});

it.each([
  [{ SUBSTRATE: 'minikube' }, 'SUBSTRATE=minikube is not known. Use one of kind, host.'],
  [{ EMULATOR: 'moto' }, 'EMULATOR=moto is not known. Use one of localstack, ministack.'],
  [{ SCENARIOS: 'drift,dirft' }, 'SCENARIOS=dirft is not known. Use one of examples, drift.'],
  [{ SUBSTRATE: 'host', EMULATOR: 'localstack' }, 'SUBSTRATE=host has no EMULATOR=localstack'],
])('%j is refused', (env, message) => {
  expect(() => readOptions(env, KNOWN)).toThrow(message);
});
