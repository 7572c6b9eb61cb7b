/** The shape of a definition: its machines (the whole, each Parallel branch, each Map processor), states and transitions. */
import { isObject, type Json } from '../objects.ts';
import { below } from './problem.ts';

export type QueryLanguage = 'JSONPath' | 'JSONata';

export interface State {
  name: string;
  path: string;
  value: Json;
  type: unknown;
  language: QueryLanguage;
}

/** A StartAt with its States. A state may go to states of its own machine only. */
export interface Machine {
  path: string;
  value: Json;
  /** Which field of its parent holds it; undefined for the whole definition. */
  inside: 'Branches' | 'ItemProcessor' | 'Iterator' | undefined;
  states: State[];
}

export interface Transition {
  path: string;
  to: unknown;
  by: 'Next' | 'Choices' | 'Default' | 'Catch';
  /** The choice rule or catcher that goes there; the state itself for Next and Default. */
  rule: Json;
}

/** The objects of a list, each with its path. What is no object is left out. */
export function objectsAt(value: unknown, path: string): { path: string; value: Json }[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown, index) =>
    isObject(item) ? [{ path: below(path, index), value: item }] : [],
  );
}

/** The machines directly inside a state. */
export function innerMachines(state: State, language: unknown): Machine[] {
  const { value, path } = state;
  const branches = objectsAt(value['Branches'], below(path, 'Branches')).map((branch) =>
    machineAt(branch.value, branch.path, language, 'Branches'),
  );
  const processors = (['ItemProcessor', 'Iterator'] as const).flatMap((field) => {
    const inner = value[field];
    return isObject(inner) ? [machineAt(inner, below(path, field), language, field)] : [];
  });
  return [...branches, ...processors];
}

function machineAt(value: Json, path: string, language: unknown, inside: Machine['inside']): Machine {
  const states = isObject(value['States']) ? Object.entries(value['States']) : [];
  return {
    path,
    value,
    inside,
    states: states.flatMap(([name, state]): State[] => {
      if (!isObject(state)) return [];
      const own = state['QueryLanguage'] ?? language;
      return [
        {
          name,
          path: below(below(path, 'States'), name),
          value: state,
          type: state['Type'],
          language: own === 'JSONata' ? 'JSONata' : 'JSONPath',
        },
      ];
    }),
  };
}

/** The definition as a machine. Its QueryLanguage holds for every state that names none, however deep. */
export const outermost = (definition: Json, path: string): Machine =>
  machineAt(definition, path, definition['QueryLanguage'], undefined);

/** All machines of a definition, the outermost first. */
export function machinesOf(definition: Json, path: string): Machine[] {
  const all = [outermost(definition, path)];
  for (const machine of all)
    for (const state of machine.states) all.push(...innerMachines(state, definition['QueryLanguage']));
  return all;
}

/** Where a state goes, in the order in which the definition says it. */
export function transitionsOf({ value, path }: State): Transition[] {
  const direct = (by: 'Next' | 'Default'): Transition[] =>
    value[by] === undefined ? [] : [{ path: below(path, by), to: value[by], by, rule: value }];
  const listed = (by: 'Choices' | 'Catch'): Transition[] =>
    objectsAt(value[by], below(path, by)).map((rule) => ({
      path: below(rule.path, 'Next'),
      to: rule.value['Next'],
      by,
      rule: rule.value,
    }));
  return [...direct('Next'), ...listed('Choices'), ...direct('Default'), ...listed('Catch')];
}
