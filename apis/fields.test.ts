import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readDefinition, schemasOf } from './definition.ts';
import { changesOf, fieldReference } from './fields.ts';
import type { StructuralSchema } from './structural-schema.ts';

const fixed = (path: string) => ({
  rule: 'self == oldSelf',
  message: `${path} must not be changed, since it is old. Create another.`,
});

const spec: StructuralSchema = {
  type: 'object',
  required: ['region'],
  'x-kubernetes-validations': [{ rule: 'has(self.region)', message: 'region has a * in it. Remove it.' }],
  properties: {
    region: {
      type: 'string',
      description: 'Region. Cannot be changed.',
      maxLength: 9,
      pattern: '^(a|b)$',
      'x-kubernetes-validations': [fixed('region')],
    },
    owner: {
      type: 'object',
      description: 'Whose it is.',
      default: {},
      'x-kubernetes-validations': [fixed('owner')],
      properties: { name: { type: 'string', default: 'me', minLength: 1 } },
    },
    work: {
      type: 'object',
      description: 'What it does.',
      properties: {
        days: { type: 'integer', enum: [1, 7], default: 7 },
        formats: {
          type: 'array',
          minItems: 1,
          default: ['A', 'B'],
          items: { type: 'string', enum: ['A', 'B'] },
        },
        key: {
          type: 'string',
          'x-kubernetes-validations': [
            { rule: '!has(oldSelf.key)', message: 'key must not be removed once it is set. Set it back.' },
          ],
        },
        steps: {
          type: 'array',
          description: `Steps, by \`id\` or \${Step.<name>}, <b> or *.`,
          items: {
            type: 'object',
            required: ['id'],
            'x-kubernetes-validations': [
              { rule: 'self.id != 0', message: 'work.steps[].id is 0. Count from 1.' },
            ],
            properties: {
              id: { type: 'integer', minimum: 1 },
              free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
              conditions: {
                type: 'object',
                maxProperties: 2,
                additionalProperties: {
                  type: 'object',
                  additionalProperties: { type: 'string', maxLength: 3 },
                },
              },
              on: { type: 'boolean', default: false },
              count: { type: 'integer', minimum: 1, maximum: 5 },
            },
          },
        },
      },
    },
  },
};

const status: StructuralSchema = {
  type: 'object',
  description: 'What was made.',
  properties: {
    things: {
      type: 'array',
      description: 'Things.',
      items: { type: 'object', properties: { name: { type: 'string', description: 'Its name.' } } },
    },
  },
};

/** The description of steps, as Markdown shows it. */
const STEPS = `Steps, by \`id\` or \`\${Step.<name>}\`, &lt;b> or \\*.`;

describe('fieldReference', () => {
  it('has a row for each field, with what the schema says of it', () => {
    const text = fieldReference({ spec, status });
    // After the line that says what generated it, the title and how to read the tables.
    expect(text.split('\n\n').slice(3)).toEqual([
      '## `spec`',
      [
        '| field | type | default | what it means | allowed values | can be changed |',
        '|---|---|---|---|---|---|',
        '| `region` | string | required | Region. | at most 9 characters; `^(a\\|b)$` | no |',
        '| `owner` | object |  | Whose it is. |  | no |',
        '| `work` | object |  | What it does. |  | yes |',
      ].join('\n'),
      'The API server refuses a claim that breaks one of these rules, with this message:',
      '- region has a \\* in it. Remove it.',
      '### `spec.owner`',
      'Whose it is.',
      [
        '| field | type | default | what it means | allowed values | can be changed |',
        '|---|---|---|---|---|---|',
        '| `owner.name` | string | `me` |  | at least 1 character | no |',
      ].join('\n'),
      '### `spec.work`',
      'What it does.',
      [
        '| field | type | default | what it means | allowed values | can be changed |',
        '|---|---|---|---|---|---|',
        '| `work.days` | integer | `7` |  | `1`, `7` | yes |',
        '| `work.formats` | list of strings | `[A, B]` |  | at least 1 item; each: `A`, `B` | yes |',
        '| `work.key` | string |  |  |  | must not be removed once it is set |',
        `| \`work.steps\` | list of objects |  | ${STEPS} |  | yes |`,
      ].join('\n'),
      '#### `spec.work.steps`',
      STEPS,
      [
        '| field | type | default | what it means | allowed values | can be changed |',
        '|---|---|---|---|---|---|',
        '| `work.steps[].id` | integer | required |  | at least 1 | yes |',
        '| `work.steps[].free` | object of any fields |  |  |  | yes |',
        '| `work.steps[].conditions` | map of maps of strings |  |  | at most 2 keys; each: at most 3 characters | yes |',
        '| `work.steps[].on` | boolean | `false` |  |  | yes |',
        '| `work.steps[].count` | integer |  |  | 1 to 5 | yes |',
      ].join('\n'),
      'The API server refuses a claim that breaks one of these rules, with this message:',
      '- work.steps[].id is 0. Count from 1.',
      '## `status`',
      'What was made.',
      'The README explains the [conditions](../README.md#troubleshooting).',
      [
        '| field | type | what it means |',
        '|---|---|---|',
        '| `things` | list of objects | Things. |',
        '| `things[].name` | string | Its name. |',
        '',
      ].join('\n'),
    ]);
  });

  it('is what docs/fields.md holds; `make generate` writes it', () => {
    const written = readFileSync(new URL('../docs/fields.md', import.meta.url), 'utf8');
    expect(written).toBe(fieldReference(schemasOf(readDefinition())));
  });

  it('says what the schema lacks', () => {
    const definition = readDefinition().replace(/^ {12}status:$/m, '            state:');
    expect(() => schemasOf(definition)).toThrow('lacks spec or status');
  });
});

describe('changesOf', () => {
  it('refuses a rule about changes whose message names no field', () => {
    const rule = { rule: 'self == oldSelf', message: 'this must not be changed. Leave it.' };
    expect(() => changesOf({ ...spec, 'x-kubernetes-validations': [rule] })).toThrow(
      'names no field: this must not be changed. Leave it.',
    );
  });
});
