/** What an end-to-end run is told. */
import { exampleClaims } from '../function/examples.ts';
import { oneOf, words } from '../tools/options.ts';
import type { EmulatorName } from './capabilities.ts';

/** What every end-to-end run is told. */
export interface RunOptions {
  readonly substrate: 'kind' | 'host';
  readonly emulator: EmulatorName;
  readonly keep: boolean;
  /** Names of scenarios; all of them when empty. */
  readonly only: readonly string[];
}

export interface Options extends RunOptions {
  /** Beginnings of the examples' paths, such as `run-script`; all of them when empty. */
  readonly examples: readonly string[];
}

/** The emulator that EMULATOR names, or the substrate's own. @throws when it is not known, or not to be had there. */
function emulatorOf(env: NodeJS.ProcessEnv, substrate: RunOptions['substrate']): EmulatorName {
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
 * Options from the environment: SUBSTRATE, EMULATOR, KEEP, SCENARIOS. An empty one counts as not given.
 *
 * @param known - names of all scenarios.
 * @throws naming the option that is not what it should be.
 */
export function readRunOptions(env: NodeJS.ProcessEnv, known: readonly string[]): RunOptions {
  const substrate = oneOf('SUBSTRATE', env['SUBSTRATE'] || 'kind', ['kind', 'host']);
  const emulator = emulatorOf(env, substrate);
  const only = words(env['SCENARIOS']);
  for (const name of only) oneOf('SCENARIOS', name, known);
  return { substrate, emulator, keep: env['KEEP'] === '1', only };
}

/** The settings that say what a run is on, as a person types them; none for the default. */
export const settingsOf = ({ substrate, emulator }: RunOptions): string[] => [
  ...(substrate === 'host' ? ['SUBSTRATE=host'] : []),
  ...(substrate === 'kind' && emulator === 'ministack' ? ['EMULATOR=ministack'] : []),
];

/** Whether no scenario and no example is left out. */
export const isWhole = ({ only, examples = [] }: RunOptions & Partial<Options>): boolean =>
  only.length + examples.length === 0;

/** The same for `make e2e`, with EXAMPLES. */
export function readOptions(env: NodeJS.ProcessEnv, known: readonly string[]): Options {
  const options = readRunOptions(env, known);
  const examples = words(env['EXAMPLES']);
  const unknown = examples.find((start) => !exampleClaims().some((path) => path.startsWith(start)));
  if (unknown !== undefined)
    throw new Error(
      `EXAMPLES=${unknown} is no example. Name a folder or a file of examples, such as run-script.`,
    );
  return { ...options, examples };
}
