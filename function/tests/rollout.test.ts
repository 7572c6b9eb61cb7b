import { describe, expect, it } from 'vitest';
import { claimOf, made, type Observed, pending, type Rendered, render, settle } from '../render.ts';
import { type Catalogue, catalogueOf, codeOf } from '../src/catalogue.ts';
import type { Json } from '../src/objects.ts';
import { difference } from './difference.ts';
import { unready } from './states.ts';

const release = (name: string) => catalogueOf((handler) => codeOf(Buffer.from(`${handler} ${name}`)));
const [one, two, three] = [release('one'), release('two'), release('three')];
const codeKey = ({ 'start-workflow': { sha256 } }: Catalogue) => `code-start-workflow-${sha256.slice(0, 12)}`;
const s3Key = ({ 'start-workflow': { sha256 } }: Catalogue) => `start-workflow/${sha256}.zip`;
const hash = ({ 'start-workflow': { sha256Base64 } }: Catalogue) => sha256Base64;

const claim = claimOf({ region: 'eu-west-1', workflow: { type: 'RecordFile' } });
const switched = (from: Catalogue, to: Catalogue) => [
  `start-workflow.s3Key: ${s3Key(from)} -> ${s3Key(to)}`,
  `start-workflow.sourceCodeHash: ${hash(from)} -> ${hash(to)}`,
];
const manifest = ({ resources }: Rendered, key: string): Json => resources[key] ?? {};

/** A pipeline that runs release one, and then the function with release two. */
async function started() {
  const { observed, rendered } = await settle(claim, { catalogue: one });
  const first = await render(claim, observed, { catalogue: two });
  return {
    observed,
    before: rendered,
    first,
    uploading: { ...observed, [codeKey(two)]: pending(manifest(first, codeKey(two))) },
  };
}

describe('new handler code', () => {
  it('is uploaded beside the old, and the function stays on the old until it is there', async () => {
    const { before, first, uploading } = await started();
    expect(difference(before.resources, first.resources)).toEqual([`+ ${codeKey(two)}`]);
    expect(first.compositeReady).toBe(false);
    const waiting = await render(claim, uploading, { catalogue: two });
    expect(difference(first.resources, waiting.resources)).toEqual([]);
    expect(waiting.compositeReady).toBe(false);
  });

  it('is run once it is there, and the old stays until AWS says that the new one runs', async () => {
    const { observed, first, uploading } = await started();
    const uploaded: Observed = {
      ...uploading,
      [codeKey(two)]: made(codeKey(two), manifest(first, codeKey(two))),
    };
    const told = await render(claim, uploaded, { catalogue: two });
    expect(difference(first.resources, told.resources)).toEqual(switched(one, two));
    // The provider has the new manifest; AWS still reports the old code.
    const deploying: Observed = {
      ...uploaded,
      'start-workflow': {
        ...manifest(told, 'start-workflow'),
        status: observed['start-workflow']?.['status'],
      },
    };
    const still = await render(claim, deploying, { catalogue: two });
    expect(difference(told.resources, still.resources)).toEqual([]);
    const runs = { ...deploying, 'start-workflow': made('start-workflow', manifest(told, 'start-workflow')) };
    const done = await render(claim, runs, { catalogue: two });
    expect(difference(told.resources, done.resources)).toEqual([`- ${codeKey(one)}`]);
    expect(done.compositeReady).toBe(true);
    expect(done.status).toMatchObject({ functions: [{ codeDigest: hash(two) }] });
  });

  it('keeps the old while the function that runs the new one is not ready: it may be rolled back', async () => {
    const { first, uploading } = await started();
    const uploaded: Observed = {
      ...uploading,
      [codeKey(two)]: made(codeKey(two), manifest(first, codeKey(two))),
    };
    const told = await render(claim, uploaded, { catalogue: two });
    const flapping = unready(made('start-workflow', manifest(told, 'start-workflow')));
    const again = await render(claim, { ...uploaded, 'start-workflow': flapping }, { catalogue: two });
    expect(Object.keys(again.resources)).toEqual(expect.arrayContaining([codeKey(one), codeKey(two)]));
  });

  it('released twice in a row, goes from the first to the third, and loses nothing on the way', async () => {
    const { before, uploading } = await started();
    const third = await render(claim, uploading, { catalogue: three });
    expect(difference(before.resources, third.resources)).toEqual([
      `+ ${codeKey(three)}`,
      `+ ${codeKey(two)}`,
    ]);
    const uploaded: Observed = {
      ...uploading,
      [codeKey(three)]: made(codeKey(three), manifest(third, codeKey(three))),
    };
    const told = await render(claim, uploaded, { catalogue: three });
    expect(difference(third.resources, told.resources)).toEqual(switched(one, three));
    const runs = { ...uploaded, 'start-workflow': made('start-workflow', manifest(told, 'start-workflow')) };
    const done = await render(claim, runs, { catalogue: three });
    expect(difference(told.resources, done.resources)).toEqual([`- ${codeKey(one)}`, `- ${codeKey(two)}`]);
  });

  it('taken back before it ran, leaves nothing behind', async () => {
    const { before, uploading } = await started();
    const back = await render(claim, uploading, { catalogue: one });
    expect(difference(before.resources, back.resources)).toEqual([]);
  });

  it('changes nothing of a handler whose code is the same', async () => {
    const { observed, before } = await started();
    const other = { ...one, 'record-file': two['record-file'] };
    expect(
      difference(before.resources, (await render(claim, observed, { catalogue: other })).resources),
    ).toEqual([]);
  });
});
