import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { exampleClaims } from '../examples.ts';
import { claimOf, type Rendered, readClaim, render, settle } from '../render.ts';
import type { Json } from '../src/objects.ts';

/** The whole render as YAML documents: the claim's status first, then each composed resource. `vitest -u` rewrites them. */
function golden({ resources, status, conditions, compositeReady }: Rendered): string {
  const composed = Object.entries(resources).map(([key, manifest]) => ({ key, manifest }));
  const documents = [
    { ready: compositeReady, conditions, status },
    ...composed.map(({ key, manifest }) => ({ [key]: manifest })),
  ];
  return documents
    .map((document) => stringify(document, { lineWidth: 0, sortMapEntries: true }))
    .join('---\n');
}

const examples = exampleClaims();

/** Claims that no emulator can run, or that differ in one thing. */
const variants: Record<string, Json> = {
  provisioned: claimOf({
    region: 'eu-central-1',
    dataRetention: 'Delete',
    workflow: { type: 'RecordFile' },
    table: {
      billing: {
        mode: 'Provisioned',
        read: { min: 1, max: 10 },
        write: { min: 5, max: 500, targetUtilization: 50 },
      },
    },
  }),
  'gov-cloud': claimOf({ region: 'us-gov-west-1', workflow: { type: 'RecordFile' } }),
};

describe('a rendered claim, all ready', () => {
  it.each(examples)('%s', async (path) => {
    const { rendered } = await settle(readClaim(path));
    await expect(golden(rendered)).toMatchFileSnapshot(
      `golden/${path.replace('.yaml', '').replace('/', '-')}.golden.yaml`,
    );
  });

  it.each(Object.keys(variants))('%s', async (name) => {
    const { rendered } = await settle(variants[name] ?? {});
    await expect(golden(rendered)).toMatchFileSnapshot(`golden/${name}.golden.yaml`);
  });

  it.each(examples)('%s renders to the same bytes again', async (path) => {
    const { observed, rendered } = await settle(readClaim(path));
    const again = await render(readClaim(path), observed);
    expect(golden(again)).toBe(golden(rendered));
  });
});
