/** What makes an upload invoke the function: the bucket's notification or a rule of EventBridge, and from one to the other. */
import { describe, expect, it } from 'vitest';
import { claimOf, made, type Observed, render, settle } from '../render.ts';
import { uploadPattern } from '../src/event-pattern.ts';
import { at, type Json } from '../src/objects.ts';

const claim = (trigger: string): Json =>
  claimOf({ region: 'eu-west-1', source: { trigger }, workflow: { type: 'RecordFile' } });

/** All that was emitted, made. */
const observe = (resources: Record<string, Json>): Observed =>
  Object.fromEntries(Object.entries(resources).map(([key, manifest]) => [key, made(key, manifest)]));

const fieldsOf = (resource: Json | undefined) => at(resource, 'spec', 'forProvider');
const keysOf = (resources: Record<string, Json>) =>
  ['start-workflow-permission', 'start-workflow-rule-permission', 'upload-rule', 'upload-target'].filter(
    (key) => key in resources,
  );
const waysOf = (resources: Record<string, Json>) => {
  const { notification } = resources;
  return {
    function: Array.isArray(at(notification, 'spec', 'forProvider', 'lambdaFunction')),
    events: at(notification, 'spec', 'forProvider', 'eventbridge'),
  };
};

it.each(['Notification', 'EventBridge'])(
  '%s: takes no file before the bucket is versioned',
  async (trigger) => {
    const { observed } = await settle(claim(trigger));
    const { notification: _, 'bucket-versioning': __, ...rest } = observed;
    const { resources } = await render(claim(trigger), rest);
    expect(resources['notification']).toBeUndefined();
    expect(
      (await render(claim(trigger), { ...rest, 'bucket-versioning': __ ?? {} })).resources['notification'],
    ).toBeDefined();
  },
);

describe('trigger EventBridge', () => {
  it('is a rule, the right to invoke, a target, and a bucket that tells', async () => {
    const { rendered } = await settle(claim('EventBridge'));
    const { resources } = rendered;
    const name = 'team-a-invoices-uploads-0f1e2d3c';
    expect(fieldsOf(resources['upload-rule'])).toEqual({
      region: 'eu-west-1',
      description: 'Uploads to team-a-invoices-files-0f1e2d3c',
      eventBusName: 'default',
      eventPattern:
        '{"source":["aws.s3"],"detail-type":["Object Created"],"detail":{"bucket":{"name":["team-a-invoices-files-0f1e2d3c"]}}}',
      tags: { 'fileingest.dev/pipeline': 'team-a/invoices' },
    });
    expect(fieldsOf(resources['start-workflow-rule-permission'])).toEqual({
      region: 'eu-west-1',
      action: 'lambda:InvokeFunction',
      principal: 'events.amazonaws.com',
      statementId: 'AllowUploadEvents',
      functionNameRef: { name: 'invoices-start-workflow-0f1e2d3c' },
      sourceArn: `arn:aws:events:eu-west-1:111122223333:rule/${name}`,
    });
    expect(fieldsOf(resources['upload-target'])).toEqual({
      region: 'eu-west-1',
      eventBusName: 'default',
      ruleRef: { name: 'invoices-upload-rule-0f1e2d3c' },
      targetId: 'ingest',
      arn: 'arn:aws:lambda:eu-west-1:111122223333:function:team-a-invoices-start-workflow-0f1e2d3c',
    });
    expect(waysOf(resources)).toEqual({ function: false, events: true });
    expect(keysOf(resources)).not.toContain('start-workflow-permission');
  });

  it('takes no file before the workflow is there: the target comes after it, and the bucket after the target', async () => {
    const { observed } = await settle(claim('EventBridge'));
    const { notification: _, 'upload-target': __, table: ___, ...rest } = observed;
    const { resources } = await render(claim('EventBridge'), rest);
    expect(resources['upload-target']).toBeUndefined();
    expect(resources['notification']).toBeUndefined();
  });

  it.each(['ProcessImage', 'RunScript', 'Custom'])('is there for type %s', async (type) => {
    const of: Record<string, Json> = {
      ProcessImage: { workflow: { type } },
      RunScript: {
        source: { trigger: 'EventBridge', upload: { authorization: { type: 'None' } } },
        workflow: { type, runScript: { network: { publicAddress: true } } },
      },
      Custom: {
        workflow: {
          type,
          custom: {
            trigger: 'Upload',
            definition: { StartAt: 'Done', States: { Done: { Type: 'Succeed' } } },
          },
        },
      },
    };
    const spec = { region: 'eu-west-1', source: { trigger: 'EventBridge' }, ...of[type] };
    const { rendered } = await settle(claimOf(spec));
    expect(rendered.compositeReady).toBe(true);
    expect(rendered.resources['upload-target']).toBeDefined();
  });
});

describe('a changed trigger', () => {
  it('from the notification to EventBridge: the old way goes once the new one is open', async () => {
    const { observed: before } = await settle(claim('Notification'));
    const steps: Json[] = [];
    let observed = observe(before);
    for (let run = 0; run < 4; run += 1) {
      const { resources } = await render(claim('EventBridge'), observed);
      steps.push({ keys: keysOf(resources), ...waysOf(resources) });
      observed = observe(resources);
    }
    const both = ['start-workflow-permission', 'start-workflow-rule-permission', 'upload-rule'];
    const rule = ['start-workflow-rule-permission', 'upload-rule', 'upload-target'];
    expect(steps).toEqual([
      { keys: both, function: true, events: true },
      { keys: ['start-workflow-permission', ...rule], function: true, events: true },
      { keys: ['start-workflow-permission', ...rule], function: false, events: true },
      { keys: rule, function: false, events: true },
    ]);
  });

  it('from EventBridge to the notification, as well', async () => {
    const { observed: before } = await settle(claim('EventBridge'));
    const steps: Json[] = [];
    let observed = observe(before);
    for (let run = 0; run < 4; run += 1) {
      const { resources } = await render(claim('Notification'), observed);
      steps.push({ keys: keysOf(resources), ...waysOf(resources) });
      observed = observe(resources);
    }
    const rule = ['start-workflow-rule-permission', 'upload-rule', 'upload-target'];
    expect(steps).toEqual([
      { keys: ['start-workflow-permission', ...rule], function: false, events: true },
      { keys: ['start-workflow-permission', ...rule], function: true, events: true },
      { keys: ['start-workflow-permission'], function: true, events: false },
      { keys: ['start-workflow-permission'], function: true, events: false },
    ]);
  });
});

describe('the event pattern', () => {
  const keyOf = (filter: Parameters<typeof uploadPattern>[1]) =>
    at(JSON.parse(uploadPattern('b', filter)), 'detail', 'object', 'key');

  it.each([
    { why: 'all files', filter: {}, key: undefined },
    { why: 'keys as they are', filter: { prefix: 'year=2026/ ü' }, key: [{ prefix: 'year=2026/ ü' }] },
    {
      why: 'suffixes',
      filter: { suffixes: ['.csv', '.txt'] },
      key: [{ suffix: '.csv' }, { suffix: '.txt' }],
    },
    { why: 'both', filter: { prefix: 'in/', suffixes: ['.csv'] }, key: [{ wildcard: 'in/*.csv' }] },
    {
      why: 'what a wildcard would read as its own',
      filter: { prefix: 'a\\b*/', suffixes: ['.csv'] },
      key: [{ wildcard: 'a\\\\b\\*/*.csv' }],
    },
    {
      why: 'a key in which both overlap',
      filter: { prefix: 'report.', suffixes: ['.csv'] },
      key: [{ wildcard: 'report.*.csv' }, 'report.csv'],
    },
    {
      why: 'all ways to overlap',
      filter: { prefix: 'aa', suffixes: ['aa'] },
      key: [{ wildcard: 'aa*aa' }, 'aaa', 'aa'],
    },
  ])('$why', ({ filter, key }) => {
    expect(keyOf(filter)).toEqual(key);
  });

  it('that EventBridge would not take is an error with the fix', () => {
    const suffixes = Array.from({ length: 10 }, (_, index) => `.${index}${'x'.repeat(60)}`);
    expect(() => uploadPattern('b', { prefix: 'p'.repeat(300), suffixes })).toThrow(
      /^spec\.source\.suffixes: Too long: must have at most 2048 characters as an event pattern with spec\.source\.prefix, but has \d+\. Shorten the prefix, or name fewer suffixes\.$/,
    );
  });
});
