/**
 * Checks the variables that states read: an earlier state must assign them.
 * https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
 */

import { type FieldError, invalid } from '../errors.ts';
import { nearest } from '../nearest.ts';
import { isObject, type Json } from '../objects.ts';
import { expressionIn, variablesOf } from './jsonata.ts';
import { isDistributed, type Machine, objectsAt, type State, transitionsOf } from './machine.ts';
import { variablesIn } from './paths.ts';
import { below } from './problem.ts';
import { becameOf } from './yaml.ts';

interface Read {
  readonly name: string;
  readonly path: string;
  readonly value: unknown;
}

/** The fields of a state with inner machines, or with literal user data. */
const LEFT_OUT = ['Branches', 'ItemProcessor', 'Iterator', 'Comment', 'Result'];

const reads = (names: readonly string[], path: string, value: unknown): Read[] =>
  names.map((name) => ({ name, path, value }));

function readsOfExpressions(value: unknown, path: string): Read[] {
  if (typeof value === 'string') {
    const expression = expressionIn(value);
    return expression === undefined ? [] : reads(variablesOf(expression), path, value);
  }
  if (Array.isArray(value))
    return value.flatMap((item: unknown, index) => readsOfExpressions(item, below(path, index)));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => readsOfExpressions(inner, below(path, name)));
}

/** The variables in a template: the values of fields that end with `.$`, at any depth, are paths. */
function readsOfTemplate(value: unknown, path: string): Read[] {
  if (Array.isArray(value))
    return value.flatMap((item: unknown, index) => readsOfTemplate(item, below(path, index)));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name.endsWith('.$') && typeof inner === 'string'
      ? reads(variablesIn(inner), below(path, name), inner)
      : readsOfTemplate(inner, below(path, name)),
  );
}

/** The variables in `InputPath`, `ItemsPath`, `SecondsPath`, `Variable`, `NumericEqualsPath`, ...; a ResultPath reads no variable. */
const readsOfPaths = (value: Json, path: string): Read[] =>
  Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === 'string' && (name === 'Variable' || (name.endsWith('Path') && name !== 'ResultPath'))
      ? reads(variablesIn(inner), below(path, name), inner)
      : [],
  );

function readsOfTest(test: Json, path: string): Read[] {
  const inner = ['And', 'Or'].flatMap((name) => objectsAt(test[name], below(path, name)));
  const not = test['Not'];
  return [
    ...readsOfPaths(test, path),
    ...inner.flatMap((one) => readsOfTest(one.value, one.path)),
    ...(isObject(not) ? readsOfTest(not, below(path, 'Not')) : []),
  ];
}

/** The variables that a state reads, without its inner machines. */
function readsOf({ value, path, language }: State): Read[] {
  const fields = Object.entries(value).filter(([name]) => !LEFT_OUT.includes(name));
  if (language === 'JSONata')
    return fields.flatMap(([name, inner]) => readsOfExpressions(inner, below(path, name)));
  return [
    ...readsOfPaths(value, path),
    ...['ItemReader', 'ItemBatcher'].flatMap((name) => {
      const inner = value[name];
      return isObject(inner) ? readsOfPaths(inner, below(path, name)) : [];
    }),
    ...objectsAt(value['Choices'], below(path, 'Choices')).flatMap((one) => readsOfTest(one.value, one.path)),
    ...fields.flatMap(([name, inner]) => readsOfTemplate(inner, below(path, name))),
  ];
}

/** The variables that a state assigns: itself, in a rule of its Choices, or in a catcher. */
function assignedBy({ value }: State): string[] {
  const rules = ['Choices', 'Catch'].flatMap((name) => objectsAt(value[name], '').map((one) => one.value));
  return [value, ...rules].flatMap(({ Assign }) =>
    isObject(Assign) ? Object.keys(Assign).map((name) => name.replace(/\.\$$/, '')) : [],
  );
}

/** The states of a machine from which a state is reachable, including itself only if it is in a loop. */
function before(machine: Machine, state: State): State[] {
  const found = new Set<State>();
  const names = new Set([state.name]);
  for (const name of names)
    for (const one of machine.states)
      if (!found.has(one) && transitionsOf(one).some(({ to }) => to === name)) {
        found.add(one);
        names.add(one.name);
      }
  return [...found];
}

/** The variables that can be assigned when a state begins: in its machine and outside it. Children of a Distributed Map do not see outer ones. */
function available(machine: Machine, state: State): string[] {
  const own = before(machine, state).flatMap(assignedBy);
  const { parent } = machine;
  if (!parent || isDistributed(parent.state.value)) return own;
  return [...own, ...available(parent.machine, parent.state)];
}

function fault(name: string, seen: readonly string[], machine: Machine, all: readonly Machine[]): string {
  if (name === 'states')
    return 'reads $states, which only JSONata states have. Read $ for the input, or $$ for the context.';
  const became = becameOf(name);
  if (became !== undefined && seen.includes(became))
    return `reads $${name}, which nothing assigns, since YAML reads a bare ${name} as ${became}. Write "${name}" in quotes below Assign.`;
  const near = nearest(name, [...new Set(seen)]);
  if (near !== undefined) return `reads $${name}, which nothing assigns. Did you mean $${near}?`;
  for (let one: Machine | undefined = machine; one?.parent; one = one.parent.machine) {
    const { parent } = one;
    if (isDistributed(parent.state.value) && available(parent.machine, parent.state).includes(name))
      return `reads $${name}, which is assigned outside of the Distributed Map, whose children do not see it. Give it to them with ${below(parent.state.path, 'ItemSelector')}.`;
  }
  const assigned = all.some(({ states }) => states.some((one) => assignedBy(one).includes(name)));
  return assigned
    ? `reads $${name}, which no state before this one assigns. Assign it earlier; what a branch or a Map’s child assigns is seen in there alone.`
    : `reads $${name}, which nothing assigns. Assign it in an earlier state, or read the input.`;
}

/** What is wrong with the variables that the states of all machines read. */
export function checkVariables(machines: readonly Machine[]): FieldError[] {
  return machines.flatMap((machine) =>
    machine.states.flatMap((state) => {
      const found = readsOf(state);
      if (found.length === 0) return [];
      const seen = available(machine, state);
      return found
        .filter(({ name }) => !seen.includes(name))
        .flatMap(({ name, path, value }) => [invalid(path, value, fault(name, seen, machine, machines))]);
    }),
  );
}
