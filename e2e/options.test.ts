import { expect, it } from 'vitest';
import { readOptions } from './options.ts';

const KNOWN = ['examples', 'drift'];
const NOTHING = { keep: false, only: [], examples: [] };

it.each([
  [{}, { substrate: 'kind', emulator: 'localstack', ...NOTHING }],
  [{ EMULATOR: 'ministack' }, { substrate: 'kind', emulator: 'ministack', ...NOTHING }],
  [
    { SUBSTRATE: 'host', KEEP: '1' },
    { substrate: 'host', emulator: 'ministack', keep: true, only: [], examples: [] },
  ],
  [
    { SUBSTRATE: '', SCENARIOS: 'drift, examples' },
    { substrate: 'kind', emulator: 'localstack', ...NOTHING, only: ['drift', 'examples'] },
  ],
  [
    { EXAMPLES: 'run-script custom/claim' },
    { substrate: 'kind', emulator: 'localstack', ...NOTHING, examples: ['run-script', 'custom/claim'] },
  ],
])('%j', (env, options) => {
  expect(readOptions(env, KNOWN)).toEqual(options);
});

it.each([
  [{ SUBSTRATE: 'minikube' }, 'SUBSTRATE=minikube is not known. Use one of kind, host.'],
  [{ EMULATOR: 'moto' }, 'EMULATOR=moto is not known. Use one of localstack, ministack.'],
  [{ SCENARIOS: 'drift,dirft' }, 'SCENARIOS=dirft is not known. Use one of examples, drift.'],
  [{ EXAMPLES: 'run-skript' }, 'EXAMPLES=run-skript is no example. Name a folder or a file of examples'],
  [{ SUBSTRATE: 'host', EMULATOR: 'localstack' }, 'SUBSTRATE=host has no EMULATOR=localstack'],
])('%j is refused', (env, message) => {
  expect(() => readOptions(env, KNOWN)).toThrow(message);
});
