import { describe, expect, it } from 'vitest';
import { claimOf, made, type Observed, pending, render, settle } from '../render.ts';
import { at, type Json } from '../src/objects.ts';
import { unreported } from './states.ts';

const claim = claimOf({
  region: 'eu-west-1',
  source: { upload: { authorization: { type: 'None' } } },
  workflow: { type: 'RunScript', runScript: { network: { publicAddress: true } } },
});
const TABLE = 'arn:aws:dynamodb:eu-west-1:111122223333:table/team-a-invoices-uploads-0f1e2d3c';
const FIRST = `${TABLE}/stream/2026-01-01T00:00:00.000`;
const SECOND = `${TABLE}/stream/2026-11-27T20:46:51.123`;
/** Each carries eight digits of its stream's SHA-256. */
const [FIRST_KEY, SECOND_KEY] = ['launch-instance-mapping-afef5359', 'launch-instance-mapping-8533c544'];
const UNKEYED = 'launch-instance-mapping';

/** Mappings by key, with the stream that each is asked to read. */
const mappings = (resources: Record<string, Json>) =>
  Object.entries(resources)
    .filter(([, { kind }]) => kind === 'EventSourceMapping')
    .map(([key, manifest]) => [key, at(manifest, 'spec', 'forProvider', 'eventSourceArn')]);

const table = (observed: Observed, streamArn: string): Json => ({
  ...observed['table'],
  status: { ...Object(observed['table']?.['status']), atProvider: { arn: TABLE, streamArn } },
});

/** A mapping as the provider reports it. */
const reported = (mapping: Json, eventSourceArn: string): Json => ({
  ...mapping,
  status: { ...Object(mapping['status']), atProvider: { eventSourceArn } },
});

/** A claim that was made before the key carried the stream. */
async function earlier(): Promise<Observed> {
  const { observed } = await settle(claim);
  const { [FIRST_KEY]: mapping = {}, ...others } = observed;
  const named = { ...Object(mapping['metadata']), name: 'invoices-launch-instance-mapping-0f1e2d3c' };
  return { ...others, [UNKEYED]: { ...mapping, metadata: named } };
}

describe('the mapping of a table’s stream', () => {
  it('is new when the table is made anew, and the old one goes', async () => {
    const { observed, rendered } = await settle(claim);
    expect(mappings(rendered.resources)).toEqual([[FIRST_KEY, FIRST]]);
    const again = await render(claim, { ...observed, table: table(observed, SECOND) });
    expect(mappings(again.resources)).toEqual([[SECOND_KEY, SECOND]]);
    expect(again.compositeReady).toBe(false);
    const manifest = again.resources[SECOND_KEY] ?? {};
    const settled = { ...observed, table: table(observed, SECOND), [SECOND_KEY]: made(SECOND_KEY, manifest) };
    expect((await render(claim, settled)).compositeReady).toBe(true);
  });

  it.each<[why: string, asReported: (mapping: Json) => Json]>([
    ['by what AWS says', (mapping) => reported(mapping, FIRST)],
    ['by what it was asked for, where the provider has not said', unreported],
  ])('stays under the key that it had: %s', async (_why, asReported) => {
    const observed = await earlier();
    const mapping = asReported(observed[UNKEYED] ?? {});
    const { resources, compositeReady } = await render(claim, { ...observed, [UNKEYED]: mapping });
    expect(mappings(resources)).toEqual([[UNKEYED, FIRST]]);
    expect(resources[UNKEYED]?.['metadata']).toEqual(observed[UNKEYED]?.['metadata']);
    expect(compositeReady).toBe(true);
  });

  it('is new where the old one is stuck, told a stream that AWS cannot change it to', async () => {
    const observed = await earlier();
    const old = observed[UNKEYED] ?? {};
    const forProvider = { ...Object(at(old, 'spec', 'forProvider')), eventSourceArn: SECOND };
    const stuck = reported({ ...old, spec: { ...Object(old['spec']), forProvider } }, FIRST);
    const { resources } = await render(claim, {
      ...observed,
      table: table(observed, SECOND),
      [UNKEYED]: stuck,
    });
    expect(mappings(resources)).toEqual([[SECOND_KEY, SECOND]]);
  });

  it.each([UNKEYED, FIRST_KEY])('stays while the table does not say which stream it has: %s', async (key) => {
    const observed = key === UNKEYED ? await earlier() : (await settle(claim)).observed;
    for (const flapping of [unreported(observed['table'] ?? {}), pending(observed['table'] ?? {})]) {
      const { resources } = await render(claim, { ...observed, table: flapping });
      expect(mappings(resources)).toEqual([[key, FIRST]]);
      expect(resources[key]?.['spec']).toEqual(observed[key]?.['spec']);
    }
  });

  it('waits for the table before there is any', async () => {
    const { resources, status } = await render(claim);
    expect(mappings(resources)).toEqual([]);
    expect(JSON.stringify(status)).not.toContain('mapping-');
  });
});
