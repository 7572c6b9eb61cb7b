/** Checks the names of a call's arguments. */
import { isObject, type Json } from '../objects.ts';
import { API_ARGUMENTS } from './api-arguments.ts';
import type { QueryLanguage, State } from './machine.ts';
import { optimizedAction } from './optimized.ts';
import { below, nearest, type Problem, problem, suggestion } from './problem.ts';
import { type Integration, integrationOf } from './resource.ts';

/** The field with a call's arguments. */
export const argumentsField = (language: QueryLanguage) =>
  language === 'JSONata' ? 'Arguments' : 'Parameters';

const lower = (text: string) => text.toLowerCase();

/**
 * The problem of an unknown argument. For SDK integrations it is a problem only if the spelling is similar to a known argument, since
 * newer versions of the SDK have more arguments than these lists. The SDK's names differ from the API's in case (`ACL` is `Acl`).
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

/** The problems of the names of a call's arguments. */
export function checkArguments(integration: Integration, given: Json, path: string): Problem[] {
  const known = namesOf(integration);
  return Object.entries(given).flatMap(([field, value]) => {
    const wrong = fault(integration, field.replace(/\.\$$/, ''), known);
    return wrong === undefined ? [] : problem(below(path, field), value, wrong);
  });
}

/** The same for a Task state. Arguments from an expression are known only during the execution. */
export function checkTaskArguments({ value, path, language }: State): Problem[] {
  const integration = integrationOf(value['Resource']);
  const field = argumentsField(language);
  const given = value[field];
  return integration && isObject(given) ? checkArguments(integration, given, below(path, field)) : [];
}
