/** Claims that between them make every resource in every form: the examples, and those of `claims.yaml`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { exampleClaims } from '../examples.ts';
import { claimOf, readClaim } from '../render.ts';
import type { Json } from '../src/objects.ts';

const text = readFileSync(join(import.meta.dirname, 'claims.yaml'), 'utf8');
const specs: Record<string, Json> = parse(text, { merge: true });
const base: Json = { region: 'eu-west-1', workflow: { type: 'RecordFile' } };

/** Every example and variant by its name. */
export const CLAIMS: Readonly<Record<string, Json>> = {
  ...Object.fromEntries(exampleClaims().map((path) => [path, readClaim(path)])),
  ...Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, claimOf({ ...base, ...spec })])),
};
