/** Supports `ResultPath: null` in a claim. */
import { isObject, type Json } from '../objects.ts';

/** Fields of states, catchers and readers in which null has a meaning, and in which the string `null` would be invalid. */
const NULLABLE = ['InputPath', 'OutputPath', 'ResultPath'];
/** The fields with nested states. Other fields, such as Parameters, are user data and are not changed. */
const MACHINES = ['ItemProcessor', 'Iterator'];

function ofState(state: unknown): unknown {
  if (!isObject(state)) return state;
  return Object.fromEntries(
    Object.entries(state).map(([name, value]) => {
      if (NULLABLE.includes(name) && value === 'null') return [name, null];
      if (name === 'Catch' && Array.isArray(value)) return [name, value.map(ofState)];
      if (name === 'ItemReader') return [name, ofState(value)];
      if (name === 'Branches' && Array.isArray(value)) return [name, value.map(restoreNulls)];
      if (MACHINES.includes(name)) return [name, restoreNulls(value)];
      return [name, value];
    }),
  );
}

/**
 * A copy of a definition in which the string `null` becomes null, for paths that can be null. In an update, Kubernetes treats null as
 * "remove this field", so a claim cannot use it.
 */
export function restoreNulls(machine: unknown): unknown {
  if (!isObject(machine) || !isObject(machine['States'])) return machine;
  const states: Json = Object.fromEntries(
    Object.entries(machine['States']).map(([name, state]) => [name, ofState(state)]),
  );
  return { ...machine, States: states };
}
