/** State machines for tests: made of their states, or found in rendered claims. */
import { isObject, type Json, stringAt } from '../src/objects.ts';

export interface NamedState {
  readonly name: string;
  readonly state: Json;
  /** Names of the states that it is inside of, such as a Parallel's. */
  readonly within: readonly string[];
}

/** A state machine that starts with the first of its states. */
export const machine = (States: Json, more: Json = {}): Json => ({
  StartAt: Object.keys(States)[0],
  States,
  ...more,
});

export const objects = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** Every state of a machine, those of branches and of maps too. */
export function statesOf(machine: unknown, within: readonly string[] = []): NamedState[] {
  const states = isObject(machine) && isObject(machine['States']) ? machine['States'] : {};
  return Object.entries(states).flatMap(([name, state]): NamedState[] => {
    if (!isObject(state)) return [];
    const inner = [...objects(state['Branches']), state['ItemProcessor'], state['Iterator']];
    return [
      { name, state, within },
      ...inner.flatMap((one) => (one === undefined ? [] : statesOf(one, [...within, name]))),
    ];
  });
}

/** The state machine of a rendered claim, parsed; undefined where there is none. */
export function definitionOf(resources: Record<string, Json>): Json | undefined {
  const text = stringAt(resources['state-machine'], 'spec', 'forProvider', 'definition');
  return text === undefined ? undefined : JSON.parse(text);
}
