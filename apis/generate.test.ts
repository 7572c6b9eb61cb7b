import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { generate, readSchema } from './generate.ts';

it('the generated types are what the XRD says; `make generate` writes them', async () => {
  const written = readFileSync(new URL('../function/src/generated/api.ts', import.meta.url), 'utf8');
  expect(written).toBe(await generate(readSchema()));
});
