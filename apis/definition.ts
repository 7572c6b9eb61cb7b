/** Reads the XRD, `definition.yaml`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { StructuralSchema } from './structural-schema.ts';

/** The schemas of a claim's spec and of its status. */
export interface Schemas {
  readonly spec: StructuralSchema;
  readonly status: StructuralSchema;
}

/** The XRD's text. */
export const readDefinition = (): string =>
  readFileSync(join(import.meta.dirname, 'definition.yaml'), 'utf8');

/** The schemas of the served version, from the XRD's text. */
export function schemasOf(definition: string): Schemas {
  const schema: StructuralSchema = parse(definition).spec.versions[0].schema.openAPIV3Schema;
  const { spec, status } = schema.properties ?? {};
  if (!spec || !status)
    throw new Error('apis/definition.yaml: the schema lacks spec or status. Restore them.');
  return { spec, status };
}
