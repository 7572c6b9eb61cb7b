import { describe, expect, it } from 'vitest';
import { claimOf, render, settle } from '../render.ts';
import { at, type Json } from '../src/objects.ts';

const PIPELINE = { 'fileingest.dev/pipeline': 'team-a/invoices' };
const claim = (tags: Json) => claimOf({ region: 'eu-west-1', workflow: { type: 'RecordFile' }, tags });
const fatal = async (tags: Json, platform: Json = {}) =>
  (await render(claim(tags), {}, { platform: { tags: platform } })).fatal;

describe('tags, whose keys IAM takes as equal whatever their case', () => {
  it.each<[why: string, platform: Json, claim: Json, emitted: Json]>([
    ['the claim’s wins, and one is emitted', { owner: 'platform' }, { Owner: 'orders' }, { Owner: 'orders' }],
    ['also beyond ASCII', { größe: 'm' }, { GRÖßE: 'l' }, { GRÖßE: 'l' }],
    ['others stay', { owner: 'a', team: 'b' }, { OWNER: 'c' }, { team: 'b', OWNER: 'c' }],
  ])('%s', async (_why, platform, own, emitted) => {
    const { resources } = (await settle(claim(own), { platform: { tags: platform } })).rendered;
    const tags = Object.values(resources).map((manifest) => at(manifest, 'spec', 'forProvider', 'tags'));
    const all = tags.filter((found) => found !== undefined);
    expect(all).toEqual(all.map(() => ({ ...PIPELINE, ...emitted })));
    expect(all.length).toBeGreaterThan(8);
  });

  const twice =
    'Duplicate value: "owner": is Owner in another case, and IAM takes them for one key. Remove one of them.';
  const reserved =
    'Forbidden: keys that start with aws:, crossplane- or fileingest.dev/ are reserved, whatever their case. Rename the tag.';
  const data = 'EnvironmentConfig fileingest, data.tags';
  it.each<[why: string, platform: Json, claim: Json, message: string]>([
    ['twice in the claim', {}, { owner: 'a', Owner: 'b' }, `spec.tags.owner: ${twice}`],
    ['twice in the platform', { owner: 'a', Owner: 'b' }, {}, `${data}.owner: ${twice}`],
    [
      'the pipeline’s own, which says whose things are',
      {},
      { 'fileingest.dev/pipeline': 'team-b/orders' },
      `spec.tags.fileingest.dev/pipeline: ${reserved}`,
    ],
    ['the same in another case', {}, { 'FileIngest.dev/x': 'y' }, `spec.tags.FileIngest.dev/x: ${reserved}`],
    ['AWS’s in another case', {}, { 'AWS:x': 'y' }, `spec.tags.AWS:x: ${reserved}`],
    [
      'the pipeline’s own, from the platform',
      { 'fileingest.dev/pipeline': 'x' },
      {},
      `${data}.fileingest.dev/pipeline: ${reserved}`,
    ],
    [
      'the provider’s in another case',
      { 'Crossplane-Name': 'x' },
      {},
      `${data}.Crossplane-Name: ${reserved}`,
    ],
  ])('refused: %s', async (_why, platform, own, message) => {
    expect(await fatal(own, platform)).toEqual([message]);
  });
});
