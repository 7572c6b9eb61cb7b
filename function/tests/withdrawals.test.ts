import { describe, expect, it } from 'vitest';
import { made, type Observed, render, settle } from '../render.ts';
import { at, isObject, type Json } from '../src/objects.ts';
import { CLAIMS } from './claims.ts';
import { said, taken, WITHDRAWALS } from './withdrawals.ts';

/** What a claim settles at, and what it is changed to from there. */
async function change(before: Json, after: Json) {
  const first = await settle(before);
  const { rendered } = await settle(after, {}, first.observed);
  expect(rendered.fatal).toEqual([]);
  return { before: first.rendered.resources, after: rendered.resources };
}

const fieldsOf = (manifest: Json | undefined): string[] => {
  const fields = at(manifest, 'spec', 'forProvider');
  return isObject(fields) ? Object.keys(fields) : [];
};

/** Whether the provider fills in what a manifest does not say. */
function isLateInitialized(manifest: Json | undefined): boolean {
  const policies = at(manifest, 'spec', 'managementPolicies');
  return !Array.isArray(policies) || policies.includes('LateInitialize');
}

describe('a claim that takes a field away', () => {
  it.each(WITHDRAWALS)('$why', async ({ before, after, gone }) => {
    const resources = await change(before, after);
    expect(taken(resources.before, resources.after)).toEqual(gone);
  });

  it.each(WITHDRAWALS)('$why: the provider has no part in it', async ({ before, after }) => {
    const resources = await change(before, after);
    const lost = Object.entries(resources.before).flatMap(([key, manifest]) => {
      const now = resources.after[key];
      const kept = fieldsOf(now);
      return now ? fieldsOf(manifest).flatMap((field) => (kept.includes(field) ? [] : [{ key, field }])) : [];
    });
    const restored = lost.filter(({ key }) => isLateInitialized(resources.after[key]));
    expect(restored, 'late initialization would put it back').toEqual([]);
    const resolved = lost.filter(({ field }) => /Refs?$/.test(field));
    expect(resolved, 'what a reference led to would stay').toEqual([]);
  });
});

describe('what the provider still has', () => {
  const named = (why: string) => {
    const found = WITHDRAWALS.find((one) => one.why === why);
    if (!found) throw new Error(`no withdrawal is called ${why}`);
    return found;
  };
  const tokens = named('tokens, for signed requests');
  const origins = named('all origins of other pages');

  it('a name that AWS gave anew is written down before late initialization ends again', async () => {
    const { observed, rendered } = await settle(origins.before);
    const api = rendered.resources['api'] ?? {};
    expect(isLateInitialized(api)).toBe(false);
    const status = { ...Object(at(observed['api'], 'status')), atProvider: { id: 'made-anew' } };
    const anew = await render(origins.before, { ...observed, api: { ...observed['api'], status } });
    expect(isLateInitialized(anew.resources['api'])).toBe(true);
  });

  it('a route that had a reference loses what that led to, which the provider owns, in two steps', async () => {
    const { observed, rendered } = await settle(tokens.before);
    const left = at(rendered.resources['api-state'], 'spec', 'forProvider', 'authorizerId');
    expect(left).toBe('api-authorizer');
    const steps: unknown[] = [];
    const after = async (seen: Observed, authorizerId: unknown) => {
      const { resources } = await render(tokens.after, seen);
      const manifest = resources['api-state'] ?? {};
      const fields = Object(at(manifest, 'spec', 'forProvider'));
      steps.push(fields.authorizerId ?? 'unsaid');
      const spec = { ...Object(manifest['spec']), forProvider: { authorizerId, ...fields } };
      return { ...seen, 'api-state': made('api-state', { ...manifest, spec }) };
    };
    // It stays once, and is taken over; then it is ours alone, and goes.
    const stays = await after(observed, left);
    const taken = await after(stays, left);
    await after(taken, undefined);
    expect(steps).toEqual(['unsaid', 'none', 'unsaid']);
  });
});

/** Optional fields that no change of a claim takes away, and why. */
const STAY: Readonly<Record<string, string>> = {
  'Bucket forceDestroy':
    'an adopted bucket is looked at from the first on, and what was made is never adopted',
  'BucketNotification bucketRef.name': 'that of an adopted bucket is looked at from the first on',
  'BucketNotification eventbridge': 'said once, it is said for ever: AWS may keep what is left out',
  'Function environment.variables.TTL_ATTRIBUTE':
    'the API server refuses to remove table.timeToLiveAttribute',
  'LaunchTemplate networkInterfaces[].subnetId': 'it goes with vpcId',
  'SecurityGroup vpcId': 'the API server refuses to remove workflow.runScript.network.vpcId',
  'StateMachine tracingConfiguration.enabled':
    'said once, it is said for ever: AWS would keep what is left out',
  'Table serverSideEncryption.enabled': 'the API server refuses to remove table.kmsKeyArn',
  'Table serverSideEncryption.kmsKeyArn': 'the API server refuses to remove table.kmsKeyArn',
  'Table ttl.attributeName': 'the API server refuses to remove table.timeToLiveAttribute',
  'Table ttl.enabled': 'the API server refuses to remove table.timeToLiveAttribute',
};

describe('the list of withdrawals', () => {
  it('has every field that is said in one claim and not in another', async () => {
    const sayings = new Map<string, string[][]>();
    const claims = [...Object.values(CLAIMS), ...WITHDRAWALS.flatMap(({ before, after }) => [before, after])];
    for (const claim of claims) {
      for (const [key, manifest] of Object.entries((await settle(claim)).rendered.resources)) {
        // A digest in a key makes another resource of the same sort.
        const sort = `${at(claim, 'spec', 'workflow', 'type')} ${key.replace(/-[0-9a-f]{12}$/, '')}`;
        sayings.set(sort, [...(sayings.get(sort) ?? []), said(manifest)]);
      }
    }
    const optional = [...sayings.values()].flatMap((all) =>
      [...new Set(all.flat())].filter((path) => !all.every((one) => one.includes(path))),
    );
    const isTag = (path: string) => /(^|\.| )tags\./.test(path);
    const known = new Set([...WITHDRAWALS.flatMap(({ gone }) => gone), ...Object.keys(STAY)]);
    expect([...new Set(optional)].filter((path) => !known.has(path) && !isTag(path)).sort()).toEqual([]);
  });
});
