import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readDefinition, schemasOf } from './definition.ts';
import { generate } from './generate.ts';
import { withTypeRules } from './type-rules.ts';

it('the generated types are what the XRD says; `make generate` writes them', async () => {
  const written = readFileSync(new URL('../function/src/generated/api.ts', import.meta.url), 'utf8');
  expect(written).toBe(await generate(schemasOf(readDefinition())));
});

describe("the XRD's rules", () => {
  it('are what the workflow types say; `make generate` writes them', () => {
    const written = readDefinition();
    expect(written, 'apis/definition.yaml: run `make generate`').toBe(withTypeRules(written));
  });

  it('follow the types, whatever they say now', () => {
    const right = readDefinition();
    const wrong = right
      .replaceAll("['RecordFile', 'ProcessImage'] ? 'Filename'", "['Custom'] ? 'other'")
      .replaceAll("['Timestamp', 'Message']", "['Text']")
      .replaceAll("(self.type == 'ProcessImage'", "(self.type in ['Custom', 'ProcessImage']")
      .replaceAll(
        "'Direct' || self.type == 'RecordFile'",
        "'Direct' || self.type in ['Custom', 'RecordFile']",
      );
    expect(wrong).not.toBe(right);
    expect(withTypeRules(wrong)).toBe(right);
  });

  it('are missed where they are gone', () => {
    expect(() => withTypeRules('spec: {}')).toThrow(
      'apis/definition.yaml: no rule says the default of table.partitionKey.',
    );
  });
});
