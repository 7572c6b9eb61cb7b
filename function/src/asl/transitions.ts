/** Where states go: every target exists in the same machine, every state is reached, and there is a way to an end. */

import { type FieldError, invalid } from '../errors.ts';
import type { Json } from '../objects.ts';
import { type Machine, type State, transitionsOf } from './machine.ts';
import { below, suggestion } from './problem.ts';
import { booleanTarget } from './yaml.ts';

/** The problem of a target. The message distinguishes a state in another machine from a missing state. */
function checkTarget(
  target: unknown,
  path: string,
  machine: Machine,
  everywhere: readonly string[],
): FieldError[] {
  const names = machine.states.map(({ name }) => name);
  if (typeof target === 'string' && names.includes(target)) return [];
  const boolean = booleanTarget(target, machine);
  if (boolean !== undefined) return [invalid(path, target, boolean)];
  if (typeof target !== 'string' || target === '')
    return [invalid(path, target, `must be the name of a state. ${suggestion('', names)}`)];
  if (everywhere.includes(target))
    return [
      invalid(
        path,
        target,
        `is a state outside of ${machine.path}. A state goes to states of its own machine only. There are: ${names.join(', ')}.`,
      ),
    ];
  return [invalid(path, target, `is not the name of a state. ${suggestion(target, names)}`)];
}

const isEnd = ({ type, value }: State) => type === 'Succeed' || type === 'Fail' || value['End'] === true;

function checkReach(machine: Machine): FieldError[] {
  const { path, value, states } = machine;
  const byName = new Map(states.map((state) => [state.name, state]));
  const start = typeof value['StartAt'] === 'string' ? byName.get(value['StartAt']) : undefined;
  // Without a start, no state is reachable. That is not a problem of the states.
  if (!start) return [];
  const reached = new Set([start]);
  for (const state of reached)
    for (const { to } of transitionsOf(state)) {
      const next = typeof to === 'string' ? byName.get(to) : undefined;
      if (next) reached.add(next);
    }
  // The intended target of an unquoted YAML boolean is not known.
  if ([...reached].flatMap(transitionsOf).some(({ to }) => booleanTarget(to, machine) !== undefined))
    return [];
  const unreached = states.filter((state) => !reached.has(state));
  const fix = 'is reached from no state. Point a Next at it, or remove it.';
  return [
    ...unreached.flatMap((state) => [invalid(state.path, state.name, fix)]),
    ...([...reached].some(isEnd)
      ? []
      : [
          invalid(
            below(path, 'States'),
            start.name,
            'starts what never ends. Give the last state End: true, or go to a Succeed or Fail state.',
          ),
        ]),
  ];
}

/** What is wrong with a machine's transitions. */
export function checkTransitions(machine: Machine, everywhere: readonly string[]): FieldError[] {
  const value: Json = machine.value;
  return [
    ...checkTarget(value['StartAt'], below(machine.path, 'StartAt'), machine, everywhere),
    ...machine.states
      .flatMap(transitionsOf)
      .flatMap(({ to, path }) => checkTarget(to, path, machine, everywhere)),
    ...checkReach(machine),
  ];
}
