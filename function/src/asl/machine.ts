/** Reads the structure of a definition: its machines (the whole, each Parallel branch, each Map processor), states and transitions. */
import { at, isObject, type Json } from '../objects.ts';
import { below } from './problem.ts';

export type QueryLanguage = 'JSONPath' | 'JSONata';

export type Execution = 'Standard' | 'Express';

export interface State {
  readonly name: string;
  readonly path: string;
  readonly value: Json;
  readonly type: unknown;
  readonly language: QueryLanguage;
}

/** A machine: StartAt and States. A state can go only to states of the same machine. */
export interface Machine {
  readonly path: string;
  readonly value: Json;
  /** The field of its parent that contains it. Undefined for the whole definition. */
  readonly inside: 'Branches' | 'ItemProcessor' | 'Iterator' | undefined;
  /** The state that contains it, and that state's machine. Undefined for the whole definition, or when the caller does not need it. */
  readonly parent: { machine: Machine; state: State } | undefined;
  /** The type of the executions that run it. The children of a Distributed Map have their own type. */
  readonly execution: Execution;
  readonly states: State[];
}

export interface Transition {
  readonly path: string;
  readonly to: unknown;
  readonly by: 'Next' | 'Choices' | 'Default' | 'Catch';
  /** The choice rule or catcher with the transition, or the state itself for Next and Default. */
  readonly rule: Json;
}

/** The objects in a list, each with its path. Other items are skipped. */
export function objectsAt(value: unknown, path: string): { path: string; value: Json }[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown, index) =>
    isObject(item) ? [{ path: below(path, index), value: item }] : [],
  );
}

/** Whether a Map starts separate executions for its items. */
export const isDistributed = (value: Json): boolean =>
  at(value, 'ItemProcessor', 'ProcessorConfig', 'Mode') === 'DISTRIBUTED';

function executionInside({ value }: State, outside: Execution): Execution {
  if (!isDistributed(value)) return outside;
  return at(value, 'ItemProcessor', 'ProcessorConfig', 'ExecutionType') === 'EXPRESS'
    ? 'Express'
    : 'Standard';
}

/** The machines directly inside a state. `machine`, if given, becomes part of their `parent`. */
export function innerMachines(state: State, language: unknown, machine?: Machine): Machine[] {
  const { value, path } = state;
  const holder = {
    language,
    parent: machine && { machine, state },
    execution: executionInside(state, machine?.execution ?? 'Standard'),
  };
  const branches = objectsAt(value['Branches'], below(path, 'Branches')).map((branch) =>
    machineAt(branch.value, branch.path, { ...holder, inside: 'Branches' }),
  );
  const processors = (['ItemProcessor', 'Iterator'] as const).flatMap((inside) => {
    const inner = value[inside];
    return isObject(inner) ? [machineAt(inner, below(path, inside), { ...holder, inside })] : [];
  });
  return [...branches, ...processors];
}

type Holder = Pick<Machine, 'inside' | 'parent' | 'execution'> & { language: unknown };

function machineAt(value: Json, path: string, { language, ...holder }: Holder): Machine {
  const states = isObject(value['States']) ? Object.entries(value['States']) : [];
  return {
    path,
    value,
    ...holder,
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

/**
 * The definition as a machine. Its QueryLanguage is the default for all states, at any depth.
 *
 * @param execution - the type of its executions
 */
export const outermost = (definition: Json, path: string, execution: Execution = 'Standard'): Machine =>
  machineAt(definition, path, {
    language: definition['QueryLanguage'],
    inside: undefined,
    parent: undefined,
    execution,
  });

/** All machines in a definition, the outermost first. */
export function machinesOf(definition: Json, path: string, execution: Execution = 'Standard'): Machine[] {
  const all = [outermost(definition, path, execution)];
  for (const machine of all)
    for (const state of machine.states)
      all.push(...innerMachines(state, definition['QueryLanguage'], machine));
  return all;
}

/** The transitions of a state, in the order of the definition. */
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
