/**
 * Checks a state machine's definition before it is rendered: for what AWS would reject, and for states that can never succeed.
 * https://states-language.net/spec.html, https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html
 */

import { duplicate, type FieldError, forbidden, invalid, required, tooLong, unsupported } from '../errors.ts';
import { isObject, type Json } from '../objects.ts';
import { checkAttributeValues } from './attribute-values.ts';
import { checkTaskArguments } from './call-arguments.ts';
import { checkChoices } from './choices.ts';
import { CHOICES, COUNTERPARTS, fieldsOf, isStateType, STATE_TYPES, type StateType } from './fields.ts';
import { checkHandlers } from './handlers.ts';
import { checkMap, checkParallel } from './inner.ts';
import { type Execution, type Machine, machinesOf, type QueryLanguage, type State } from './machine.ts';
import { below, suggestion } from './problem.ts';
import { checkResource } from './resource.ts';
import { checkHeartbeat, checkWait } from './timeouts.ts';
import { checkTransitions } from './transitions.ts';
import { oneOf, text, whole } from './values.ts';
import { checkVariables } from './variables.ts';
import { checkYaml } from './yaml.ts';

/** The limit of AWS: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const MOST_BYTES = 1024 * 1024;
const MOST_LETTERS_IN_NAME = 80;

const TOP = {
  Comment: text,
  StartAt: () => [],
  States: () => [],
  Version: oneOf('1.0'),
  TimeoutSeconds: whole(1, 99_999_999),
  QueryLanguage: oneOf('JSONPath', 'JSONata'),
};
const INNER = { Comment: text, StartAt: () => [], States: () => [] };
const PROCESSOR = { ...INNER, ProcessorConfig: () => [] };

function checkMachine({ path, value, inside }: Machine): FieldError[] {
  const fields: Readonly<Record<string, (value: unknown, path: string) => FieldError[]>> =
    inside === undefined ? TOP : inside === 'Branches' ? INNER : PROCESSOR;
  const states = value['States'];
  const at = below(path, 'States');
  const named = isObject(states) ? Object.entries(states) : [];
  const empty =
    named.length === 0
      ? [invalid(at, states, 'must have at least one state. Write one below its name.')]
      : [];
  return [
    ...Object.entries(value).flatMap(([name, inner]) =>
      Object.hasOwn(fields, name)
        ? (fields[name]?.(inner, below(path, name)) ?? [])
        : [
            invalid(
              below(path, name),
              inner,
              `unknown field of a state machine${inside === undefined ? '' : ` in ${inside}`}. ${suggestion(name, Object.keys(fields))}`,
            ),
          ],
    ),
    ...empty,
    ...named.flatMap(([name, state]) =>
      isObject(state) ? [] : [invalid(below(at, name), state, 'must be a state. Write an object with Type.')],
    ),
  ];
}

function unknownField(state: State, type: StateType, name: string): FieldError[] {
  const other: QueryLanguage = state.language === 'JSONata' ? 'JSONPath' : 'JSONata';
  const here = below(state.path, name);
  const value = state.value[name];
  if (Object.hasOwn(fieldsOf(type, other), name)) {
    const instead = COUNTERPARTS[name] ?? `${name.replace(/Path$/, '')} with an expression`;
    return [
      forbidden(
        here,
        `only states in ${other} have this field, and this one is in ${state.language}. Use ${instead}, or set the state’s QueryLanguage.`,
      ),
    ];
  }
  const fields = Object.keys(fieldsOf(type, state.language));
  return [invalid(here, value, `unknown field of a ${type} state. ${suggestion(name, fields)}`)];
}

function checkFields(state: State, type: StateType): FieldError[] {
  const fields = fieldsOf(type, state.language);
  const wrong = Object.entries(state.value).flatMap(([name, value]) =>
    Object.hasOwn(fields, name)
      ? (fields[name]?.(value, below(state.path, name)) ?? [])
      : unknownField(state, type, name),
  );
  const { End } = state.value;
  const end =
    Object.hasOwn(fields, 'End') && End !== undefined && End !== true
      ? [
          invalid(
            below(state.path, 'End'),
            End,
            'must be true. Write End: true, or leave it out and name the Next state.',
          ),
        ]
      : [];
  return [...wrong, ...end, ...CHOICES[type].flatMap((choice) => checkChoice(state, fields, choice))];
}

function checkChoice(
  state: State,
  known: object,
  { fields, required: isNeeded }: (typeof CHOICES)['Task'][number],
): FieldError[] {
  const possible = fields.filter((name) => Object.hasOwn(known, name));
  const given = fields.filter((name) => Object.hasOwn(state.value, name));
  if (given.length > 1)
    return [forbidden(state.path, `${given.join(' and ')} exclude each other. Keep one of them.`)];
  if (given.length === 1 || !isNeeded) return [];
  const [only = ''] = possible;
  return possible.length === 1
    ? [required(below(state.path, only), `a ${String(state.type)} state needs ${only}. Add it.`)]
    : [required(state.path, `a ${String(state.type)} state needs one of ${possible.join(', ')}. Add one.`)];
}

/** The top-level language is the machine's: below JSONata no state may go back. */
function checkLanguage(state: State, top: unknown): FieldError[] {
  if (top !== 'JSONata' || state.value['QueryLanguage'] !== 'JSONPath') return [];
  const fix =
    'no state goes back to JSONPath below a definition in JSONata. Set JSONata in single states instead.';
  return [forbidden(below(state.path, 'QueryLanguage'), fix)];
}

function checkState(state: State, top: Json, machine: Machine): FieldError[] {
  const { type, name, path } = state;
  const long =
    [...name].length > MOST_LETTERS_IN_NAME
      ? [tooLong(path, { has: [...name].length, most: MOST_LETTERS_IN_NAME }, 'Shorten the name.')]
      : [];
  if (!isStateType(type)) return [...long, unsupported(below(path, 'Type'), type, STATE_TYPES)];
  return [
    ...long,
    ...checkLanguage(state, top['QueryLanguage']),
    ...checkFields(state, type),
    ...(type === 'Task' ? checkTask(state, machine) : []),
    ...(type === 'Wait' ? checkWait(state, machine) : []),
    ...(type === 'Choice' ? checkChoices(state) : []),
    ...(type === 'Parallel' ? checkParallel(state) : []),
    ...(type === 'Map' ? checkMap(state, machine) : []),
    ...checkHandlers(state),
  ];
}

function checkTask(state: State, machine: Machine): FieldError[] {
  return [
    ...checkResource(state, machine),
    ...checkTaskArguments(state),
    ...checkYaml(state),
    ...checkAttributeValues(state),
    ...checkHeartbeat(state),
  ];
}

/** A name is used once in the whole definition, branches and processors included. */
function checkDuplicates(machines: readonly Machine[]): FieldError[] {
  const first = new Map<string, string>();
  return machines.flatMap(({ states }) =>
    states.flatMap(({ name, path }) => {
      const before = first.get(name);
      if (before !== undefined)
        return [duplicate(path, name, `is the name of ${before} too. Rename one of them.`)];
      first.set(name, path);
      return [];
    }),
  );
}

/**
 * Lists the problems of a definition, in its order. The list is empty for a correct definition.
 *
 * @param definition - the definition after substitution
 * @param path - its path, such as `spec.workflow.custom.definition`
 * @param execution - the type of its executions; Express executions do not support waiting
 */
export function check(definition: unknown, path: string, execution: Execution = 'Standard'): FieldError[] {
  if (!isObject(definition))
    return [invalid(path, definition, 'must be a state machine. Write an object with StartAt and States.')];
  const bytes = Buffer.byteLength(JSON.stringify(definition));
  if (bytes > MOST_BYTES)
    return [tooLong(path, { has: bytes, most: MOST_BYTES, unit: 'bytes' }, 'Shorten the definition.')];
  const machines = machinesOf(definition, path, execution);
  const everywhere = machines.flatMap(({ states }) => states.map(({ name }) => name));
  return [
    ...machines.flatMap((machine) => [
      ...checkMachine(machine),
      ...machine.states.flatMap((state) => checkState(state, definition, machine)),
      ...checkTransitions(machine, everywhere),
    ]),
    ...checkDuplicates(machines),
    ...checkVariables(machines),
  ];
}
