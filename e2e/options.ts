/** What `make e2e` is told. */
import { exampleClaims } from '../function/examples.ts';
import { oneOf, words } from '../tools/options.ts';
import type { EmulatorName } from './capabilities.ts';

export interface Options {
  substrate: 'kind' | 'host';
  emulator: EmulatorName;
  keep: boolean;
  /** Names of scenarios; all of them when empty. */
  only: readonly string[];
  /** Beginnings of the examples' paths, such as `run-script`; all of them when empty. */
  examples: readonly string[];
}

/** The emulator that EMULATOR names, or the substrate's own. @throws when it is not known, or not to be had there. */
export function emulatorOf(env: NodeJS.ProcessEnv, substrate: Options['substrate']): EmulatorName {
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
  return emulator;
}

/**
 * Options from the environment: SUBSTRATE, EMULATOR, KEEP, SCENARIOS, EXAMPLES. An empty one counts as not given.
 *
 * @param known - names of all scenarios.
 * @throws naming the option that is not what it should be.
 */
export function readOptions(env: NodeJS.ProcessEnv, known: readonly string[]): Options {
  const substrate = oneOf('SUBSTRATE', env['SUBSTRATE'] || 'kind', ['kind', 'host']);
  const emulator = emulatorOf(env, substrate);
  const only = words(env['SCENARIOS']);
  for (const name of only) oneOf('SCENARIOS', name, known);
  const examples = words(env['EXAMPLES']);
  const unknown = examples.find((start) => !exampleClaims().some((path) => path.startsWith(start)));
  if (unknown !== undefined)
    throw new Error(
      `EXAMPLES=${unknown} is no example. Name a folder or a file of examples, such as run-script.`,
    );
  return { substrate, emulator, keep: env['KEEP'] === '1', only, examples };
}
