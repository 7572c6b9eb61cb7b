/** The names of the arguments that a state gives to the service that it calls. */
import { isObject, type Json } from '../objects.ts';
import { API_ARGUMENTS } from './api-arguments.ts';
import { argumentsField } from './arguments.ts';
import type { State } from './machine.ts';
import { optimizedAction } from './optimized.ts';
import { below, nearest, type Problem, problem, suggestion } from './problem.ts';
import { type Integration, integrationOf } from './resource.ts';

const lower = (text: string) => text.toLowerCase();

/**
 * An argument that no API knows is an error. Of the SDK, whose newer versions have more arguments than these lists, only what is
 * spelled like one of them is: its names differ from the API's in case (`ACL` is `Acl`).
 */
function fault(
  { sdk, service, action }: Integration,
  name: string,
  known: readonly string[],
): string | undefined {
  const call = `${service}:${action}`;
  if (known.includes(name)) return undefined;
  const alike = known.find((one) => lower(one) === lower(name));
  if (sdk && alike !== undefined && /^[A-Z]/.test(name)) return undefined;
  if (alike !== undefined)
    return `is for no argument of ${call}, whose arguments are in PascalCase. Did you mean ${alike}?`;
  if (sdk) {
    if (/^[a-z]/.test(name))
      return `is for no argument of ${call}, whose arguments are in PascalCase. Begin it with a capital letter.`;
    const near = nearest(name, known);
    return near && `is for no argument of ${call}. Did you mean ${near}?`;
  }
  return known.length === 0 ? undefined : `is for no argument of ${call}. ${suggestion(name, known)}`;
}

function namesOf(integration: Integration): readonly string[] {
  const { sdk, service, action } = integration;
  const own = sdk ? API_ARGUMENTS[service]?.[action] : optimizedAction(integration)?.arguments;
  return own?.split(' ') ?? [];
}

/** What is wrong with the names of a call's arguments. */
export function checkArguments(integration: Integration, given: Json, path: string): Problem[] {
  const known = namesOf(integration);
  return Object.entries(given).flatMap(([field, value]) => {
    const wrong = fault(integration, field.replace(/\.\$$/, ''), known);
    return wrong === undefined ? [] : problem(below(path, field), value, wrong);
  });
}

/** The same for a Task state; arguments that an expression gives are known at execution only. */
export function checkTaskArguments({ value, path, language }: State): Problem[] {
  const integration = integrationOf(value['Resource']);
  const field = argumentsField(language);
  const given = value[field];
  return integration && isObject(given) ? checkArguments(integration, given, below(path, field)) : [];
}
