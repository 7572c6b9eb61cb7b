import { describe, expect, it } from 'vitest';
import { settle } from '../render.ts';
import { at } from '../src/objects.ts';
import { CLAIMS } from './claims.ts';

describe('what AWS answers of a bucket’s encryption is stated, or the provider would put it again for ever', () => {
  it.each(Object.entries(CLAIMS))('%s', async (_name, claim) => {
    const { resources } = (await settle(claim)).rendered;
    const rules = Object.values(resources)
      .filter(({ kind }) => kind === 'BucketServerSideEncryptionConfiguration')
      .map((manifest) => at(manifest, 'spec', 'forProvider', 'rule'));
    const stated = expect.objectContaining({ blockedEncryptionTypes: ['SSE-C'] });
    expect(rules).toEqual(rules.map(() => [stated]));
  });
});
