/** What rendered IAM policies allow, as lines that a test can list. */
import { isObject, type Json, stringAt } from '../src/objects.ts';

const list = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(String) : value === undefined ? [] : [String(value)];

/** The statements of a policy document in a manifest's field. */
export function statementsOf(manifest: Json | undefined, field: string): Json[] {
  const document: unknown = JSON.parse(stringAt(manifest, 'spec', 'forProvider', field) ?? '{}');
  const statements = isObject(document) ? document['Statement'] : undefined;
  return Array.isArray(statements) ? statements.filter(isObject) : [];
}

/** One line an action and resource: `action on resource`, and what it is limited by. */
export function grants(statements: readonly Json[]): string[] {
  return statements.flatMap((statement) => {
    const limit = statement['Condition'] ? ` if ${JSON.stringify(statement['Condition'])}` : '';
    return list(statement['Action']).flatMap((action) =>
      list(statement['Resource']).map((resource) => `${action} on ${resource}${limit}`),
    );
  });
}
