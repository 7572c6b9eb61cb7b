/** `ResultPath: null` in a claim. */
import { isObject, type Json } from '../objects.ts';

/** Fields of states, catchers and readers in which null says something, and the text null cannot be meant. */
const NULLABLE = ['InputPath', 'OutputPath', 'ResultPath'];
/** What states are nested in; anything else, such as Parameters, is the user's own data and stays as it is. */
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
 * A copy of a definition in which the text `null` is null where a path may be null. Kubernetes takes a null in an update
 * for "remove this field", so that a claim cannot rely on one.
 */
export function restoreNulls(machine: unknown): unknown {
  if (!isObject(machine) || !isObject(machine['States'])) return machine;
  const states: Json = Object.fromEntries(
    Object.entries(machine['States']).map(([name, state]) => [name, ofState(state)]),
  );
  return { ...machine, States: states };
}
