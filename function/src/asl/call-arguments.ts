/** The names of the arguments that a state gives to the service that it calls. */

import { type FieldError, invalid } from '../errors.ts';
import { nearest } from '../nearest.ts';
import { isObject, type Json } from '../objects.ts';
import { API_ARGUMENTS } from './api-arguments.ts';
import { argumentsField } from './arguments.ts';
import type { Integration } from './integration.ts';
import type { State } from './machine.ts';
import { optimizedAction } from './optimized.ts';
import { below, suggestion } from './problem.ts';
import { integrationOf } from './resource.ts';

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
    return `unknown argument of ${call}, whose arguments are in PascalCase. Did you mean ${alike}?`;
  if (sdk) {
    if (/^[a-z]/.test(name))
      return `unknown argument of ${call}, whose arguments are in PascalCase. Begin it with a capital letter.`;
    const near = nearest(name, known);
    return near && `unknown argument of ${call}. Did you mean ${near}?`;
  }
  return known.length === 0 ? undefined : `unknown argument of ${call}. ${suggestion(name, known)}`;
}

function namesOf(integration: Integration): readonly string[] {
  const { sdk, service, action } = integration;
  const own = sdk ? API_ARGUMENTS[service]?.[action] : optimizedAction(integration)?.arguments;
  return own?.split(' ') ?? [];
}

/** What is wrong with the names of a call's arguments. */
export function checkArguments(integration: Integration, given: Json, path: string): FieldError[] {
  const known = namesOf(integration);
  return Object.entries(given).flatMap(([field, value]) => {
    const wrong = fault(integration, field.replace(/\.\$$/, ''), known);
    return wrong === undefined ? [] : [invalid(below(path, field), value, wrong)];
  });
}

/** The same for a Task state; arguments that an expression gives are known at execution only. */
export function checkTaskArguments({ value, path, language }: State): FieldError[] {
  const integration = integrationOf(value['Resource']);
  const field = argumentsField(language);
  const given = value[field];
  return integration && isObject(given) ? checkArguments(integration, given, below(path, field)) : [];
}
