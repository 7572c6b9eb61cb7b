/** Observed resources in states between made and not made. */

import { pending } from '../render.ts';
import { isObject, type Json } from '../src/objects.ts';

/** The status of an observed resource, empty where it has none. */
export const statusOf = (resource: Json): Json => (isObject(resource['status']) ? resource['status'] : {});

/** The resource as it was, but for a while not ready. */
export function unready(resource: Json): Json {
  const { conditions } = statusOf(pending(resource));
  return { ...resource, status: { ...statusOf(resource), conditions } };
}

/** The resource after an update that AWS refused: it is there and works, and is not what was asked for. */
export function refused(resource: Json, error: string): Json {
  const list = (conditions: unknown): unknown[] => (Array.isArray(conditions) ? conditions : []);
  const [ready] = list(statusOf(resource)['conditions']);
  const [, unsynced] = list(statusOf(pending(resource, error))['conditions']);
  return { ...resource, status: { ...statusOf(resource), conditions: [ready, unsynced] } };
}

/** The resource as when the provider has not reported anything of AWS. */
export function unreported(resource: Json): Json {
  const { atProvider: _unknown, ...status } = statusOf(resource);
  return { ...resource, status };
}
