/** A claim that was restored from a backup or moved to another cluster has another uid, and keeps all that it has. */
import { describe, expect, it } from 'vitest';
import { exampleClaims } from '../examples.ts';
import { claimOf, readClaim, render, settle } from '../render.ts';
import { at, isObject, type Json } from '../src/objects.ts';

const OTHER_UID = 'ffeeddcc-bbaa-9988-7766-554433221100';

function restored(claim: Json, status?: Json): Json {
  const metadata = isObject(claim['metadata']) ? claim['metadata'] : {};
  return { ...claim, metadata: { ...metadata, uid: OTHER_UID }, ...(status && { status }) };
}

describe('a restored claim', () => {
  it.each(exampleClaims())('%s renders as before, to the byte', async (path) => {
    const claim = readClaim(path);
    const { observed, rendered } = await settle(claim);
    const again = await render(restored(claim), observed);
    expect(JSON.stringify(again)).toBe(JSON.stringify(rendered));
  });

  it('names what is new as the rest of it', async () => {
    const claim = claimOf({ region: 'eu-west-1', workflow: { type: 'RecordFile' } });
    const { observed, rendered } = await settle(claim);
    const { table: _, ...rest } = observed;
    const { resources } = await render(restored(claim), rest);
    expect(resources['table']).toEqual(rendered.resources['table']);
  });

  it('of which nothing but the status is left finds its bucket and its table by it', async () => {
    const claim = claimOf({ region: 'eu-west-1', workflow: { type: 'RecordFile' } });
    const { rendered } = await settle(claim);
    const { rendered: again } = await settle(restored(claim, rendered.status));
    expect(again.resources).toEqual(rendered.resources);
  });

  it('keeps names that were made otherwise', async () => {
    const claim = claimOf({ region: 'eu-west-1', workflow: { type: 'RecordFile' } });
    const { observed } = await settle(claim);
    const bucket = observed['bucket'] ?? {};
    const metadata = {
      name: 'x-bucket',
      namespace: 'team-a',
      annotations: { 'crossplane.io/external-name': 'x-files' },
    };
    const { resources, status } = await render(restored(claim), {
      ...observed,
      bucket: { ...bucket, metadata },
    });
    expect(at(resources['bucket'], 'metadata')).toEqual(metadata);
    expect(at(resources['bucket-policy'], 'spec', 'forProvider', 'bucketRef')).toEqual({ name: 'x-bucket' });
    expect(at(resources['bucket-policy'], 'spec', 'forProvider', 'policy')).toContain(
      'arn:aws:s3:::x-files/*',
    );
    expect(at(resources['start-workflow-permission'], 'spec', 'forProvider', 'sourceArn')).toBe(
      'arn:aws:s3:::x-files',
    );
    expect(status['bucket']).toBe('x-files');
  });
});
