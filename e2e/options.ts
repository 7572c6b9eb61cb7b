/** What `make e2e` is told. */
import type { EmulatorName } from './capabilities.ts';

export interface Options {
  substrate: 'kind' | 'host';
  emulator: EmulatorName;
  keep: boolean;
  /** Names of scenarios; all of them when empty. */
  only: readonly string[];
}

function oneOf<T extends string>(name: string, value: string, values: readonly T[]): T {
  const found = values.find((one) => one === value);
  if (found === undefined) throw new Error(`${name}=${value} is not known. Use one of ${values.join(', ')}.`);
  return found;
}

/**
 * Options from the environment: SUBSTRATE, EMULATOR, KEEP, SCENARIOS. An empty one counts as not given.
 *
 * @param known - names of all scenarios.
 * @throws naming the option that is not what it should be.
 */
export function readOptions(env: NodeJS.ProcessEnv, known: readonly string[]): Options {
  const substrate = oneOf('SUBSTRATE', env['SUBSTRATE'] || 'kind', ['kind', 'host']);
  const emulators = ['localstack', 'ministack'] as const;
  const emulator = oneOf(
    'EMULATOR',
    env['EMULATOR'] || (substrate === 'kind' ? 'localstack' : 'ministack'),
    emulators,
  );
  if (substrate === 'host' && emulator !== 'ministack') {
    throw new Error(
      'SUBSTRATE=host has no EMULATOR=localstack: outside its container LocalStack has neither Lambda nor DynamoDB. ' +
        'Leave EMULATOR out, or use kind.',
    );
  }
  const only = (env['SCENARIOS'] ?? '').split(/[\s,]+/).filter(Boolean);
  for (const name of only) oneOf('SCENARIOS', name, known);
  return { substrate, emulator, keep: env['KEEP'] === '1', only };
}
