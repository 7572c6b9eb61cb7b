import { describe, expect, it } from 'vitest';
import { claimOf, type Observed, type Options, type Rendered, render, settle } from '../render.ts';
import { at, type Json } from '../src/objects.ts';

const PLATFORM: Json = {
  tags: { owner: 'platform' },
  permissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/platform',
  alarmTopicArn: 'arn:aws:sns:eu-west-1:111122223333:platform',
  allowedRegions: ['eu-west-1'],
};
const { allowedRegions: _, ...TOLD } = PLATFORM;
const base = {
  region: 'eu-west-1',
  workflow: { type: 'RecordFile' },
  observability: { alarms: { enabled: true } },
};
const OWN = 'arn:aws:iam::111122223333:policy/own';

/** A claim with what the function said in its status, as the API server keeps it. */
const told = (spec: Json, { status }: Rendered): Json => ({ ...claimOf(spec), status });

/** What comes from the platform where the claim is silent, from the parts that take it. */
function taken({ resources }: Rendered): Json {
  const field = (key: string, name: string) => at(resources[key], 'spec', 'forProvider', name);
  return {
    tags: field('bucket', 'tags'),
    boundaries: [
      field('start-workflow-role', 'permissionsBoundary'),
      field('state-machine-role', 'permissionsBoundary'),
    ],
    topic: field('dead-letters-alarm', 'alarmActions'),
  };
}

async function started(spec: Json = base, options: Options = { platform: PLATFORM }) {
  const { observed, rendered } = await settle(claimOf(spec), options);
  return { observed, rendered };
}
const gone = (spec: Json, observed: Observed, before: Rendered) => render(told(spec, before), observed);

const MISSING =
  'True PlatformMissing: EnvironmentConfig fileingest is gone. Its tags, permissions boundary, alarm topic and layer stay as they were. Apply it again, an empty one to let go of them.';

describe('the platform’s EnvironmentConfig is gone', () => {
  it('what it gave stays, and each condition says so; the claim stays ready', async () => {
    const { observed, rendered } = await started();
    expect(rendered.status['platform']).toEqual(TOLD);
    let before = rendered;
    // However often.
    for (let run = 0; run < 3; run += 1) {
      const after = await gone(base, observed, before);
      expect(after.resources).toEqual(rendered.resources);
      expect(after.compositeReady).toBe(true);
      expect(after.status).toEqual(rendered.status);
      expect(after.conditions).toEqual({
        StorageReady: MISSING,
        CodeReady: MISSING,
        WorkflowReady: MISSING,
        TriggerReady: MISSING,
      });
      before = after;
    }
  });

  it('a part that is not ready says that first', async () => {
    const { observed, rendered } = await started();
    const { notification: _gone, ...others } = observed;
    const { conditions } = await gone(base, others, rendered);
    expect(conditions['TriggerReady']).toBe('False Creating: not ready: notification');
    expect(conditions['CodeReady']).toBe(MISSING);
  });

  it('and comes back: it says again what there is', async () => {
    const { observed, rendered } = await started();
    const after = await gone(base, observed, rendered);
    const back = await render(told(base, after), observed, { platform: { tags: { owner: 'other' } } });
    expect(taken(back)).toEqual({
      tags: { 'fileingest.dev/pipeline': 'team-a/invoices', owner: 'other' },
      boundaries: [undefined, undefined],
      topic: undefined,
    });
    expect(back.status['platform']).toEqual({ tags: { owner: 'other' } });
    expect(back.conditions['CodeReady']).toBe('True Available');
  });

  it('and what the claim itself gave goes when the claim takes it away', async () => {
    const own = { ...base, permissionsBoundaryArn: OWN, tags: { team: 'orders' } };
    const { observed, rendered } = await started(own);
    expect(taken(rendered)).toMatchObject({ boundaries: [OWN, OWN] });
    expect(taken(await gone(base, observed, rendered))).toEqual(taken((await started()).rendered));
  });
});

describe('without a platform', () => {
  it('nothing is told of one, and what the claim gave goes when the claim takes it away', async () => {
    const own = { ...base, permissionsBoundaryArn: OWN };
    const { observed, rendered } = await started(own, {});
    expect(rendered.status).not.toHaveProperty('platform');
    expect(rendered.conditions['CodeReady']).toBe('True Available');
    const after = await gone(base, observed, rendered);
    expect(taken(after)).toMatchObject({ boundaries: [undefined, undefined] });
    expect(after.conditions['CodeReady']).toBe('True Available');
  });

  it.each([
    ['says nothing', {}],
    ['says only where claims may be', { allowedRegions: ['eu-west-1'] }],
  ])('one that %s is not missed', async (_why, platform) => {
    const { observed, rendered } = await started(base, { platform });
    expect(rendered.status).not.toHaveProperty('platform');
    expect((await gone(base, observed, rendered)).conditions['CodeReady']).toBe('True Available');
  });

  it('a field that an existing one no longer has goes', async () => {
    const { observed, rendered } = await started();
    const { permissionsBoundaryArn: _boundary, ...less } = PLATFORM;
    const after = await render(told(base, rendered), observed, { platform: less });
    expect(taken(after)).toMatchObject({
      boundaries: [undefined, undefined],
      topic: [PLATFORM['alarmTopicArn']],
    });
    expect(after.conditions['CodeReady']).toBe('True Available');
  });
});
