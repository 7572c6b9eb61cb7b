/** What there is in AWS, service by service, by name. */
import type { Clients } from '../local/aws.ts';
import { SORTS } from './aws-sorts.ts';

/** Names by what they are: `bucket`, `function`, and so on. */
export type Inventory = Record<string, string[]>;

/** Lists all that a pipeline can be made of, whoever made it. */
export async function inventory(clients: Clients): Promise<Inventory> {
  const all: Inventory = {};
  for (const [what, { list }] of Object.entries(SORTS)) all[what] = await list(clients);
  return all;
}

/** What of an inventory carries a claim's suffix, or one of some names. */
export function ofClaim(all: Inventory, suffix: string, names: readonly string[] = []): string[] {
  return Object.entries(all).flatMap(([what, found]) =>
    found.filter((name) => name.endsWith(suffix) || names.includes(name)).map((name) => `${what} ${name}`),
  );
}
