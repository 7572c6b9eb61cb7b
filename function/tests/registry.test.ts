/** Lists of the workflow types and handlers that no compiler compares. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exampleClaims } from '../examples.ts';
import { readClaim } from '../render.ts';
import { HANDLERS } from '../src/catalogue.ts';
import { WORKFLOW_TYPES } from '../src/generated/api.ts';
import { stringAt } from '../src/objects.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

describe('every workflow type', () => {
  const examples = exampleClaims().map((path) => stringAt(readClaim(path), 'spec', 'workflow', 'type'));

  it.each(WORKFLOW_TYPES)('%s is shown to people', (type) => {
    expect(examples, 'examples: add a claim of the type').toContain(type);
    expect(read('docs/workflows.md'), 'docs/workflows.md: add a section').toContain(`\n## ${type}\n`);
    expect(read('README.md'), 'README.md, "Five workflow types": add a row').toContain(
      `\n| [\`${type}\`](docs/workflows.md#${type.toLowerCase()})`,
    );
  });
});

it('the catalogue has every handler of lambda', () => {
  const folders = readdirSync(join(ROOT, 'lambda')).filter((folder) =>
    existsSync(join(ROOT, 'lambda', folder, 'handler.ts')),
  );
  expect([...HANDLERS].sort(), 'HANDLERS in function/src/catalogue.ts').toEqual(folders.sort());
});
