/** ProcessImage: where sharp comes from, what waits for what, and what becomes of files that are no images. */
import { describe, expect, it } from 'vitest';
import * as fileTypeErrors from '../../lambda/get-file-type/errors.ts';
import * as resizeErrors from '../../lambda/resize-image/errors.ts';
import { ObjectGoneError } from '../../lambda/shared/object-version.ts';
import { FileRefusedError } from '../../lambda/shared/refusal.ts';
import { MalformedInputError } from '../../lambda/shared/task-input.ts';
import { claimOf, made, type Observed, type Options, render, settle } from '../render.ts';
import { at, type Json, stringAt } from '../src/objects.ts';
import { definitionOf, objects, statesOf } from './machines.ts';
import { statusOf } from './states.ts';

const claim = (processImage: Json = {}, rest: Json = {}) =>
  claimOf({ region: 'eu-west-1', workflow: { type: 'ProcessImage', processImage }, ...rest });
const layersOf = (resources: Record<string, Json>) =>
  at(resources['resize-image'], 'spec', 'forProvider', 'layers');
const layerKeys = (resources: Record<string, Json>) =>
  Object.keys(resources).filter((key) => key.startsWith('sharp-layer-'));
const ARN = 'arn:aws:lambda:eu-west-1:111122223333:layer:sharp:7';
const OTHER_ARN = 'arn:aws:lambda:eu-west-1:111122223333:layer:sharp:8';
const NONE: Options = { platform: {} };

describe('the layer with sharp', () => {
  const zip = { bucket: 'layers', key: 'sharp.zip' };
  it.each<{ why: string; says?: Json; platform: Json; layer: 'arn' | 'made' }>([
    { why: 'an ARN of the claim', says: { layerArn: ARN }, platform: {}, layer: 'arn' },
    { why: 'an ARN of the platform', platform: { sharpLayerArn: ARN }, layer: 'arn' },
    { why: 'a zip of the claim', says: { layer: zip }, platform: {}, layer: 'made' },
    { why: 'a zip of the platform', platform: { sharpLayer: zip }, layer: 'made' },
    {
      why: 'the claim’s ARN, not the platform’s zip',
      says: { layerArn: ARN },
      platform: { sharpLayer: zip },
      layer: 'arn',
    },
    {
      why: 'the claim’s zip, not the platform’s ARN',
      says: { layer: zip },
      platform: { sharpLayerArn: OTHER_ARN },
      layer: 'made',
    },
    {
      why: 'the platform’s ARN, where it has both',
      platform: { sharpLayerArn: ARN, sharpLayer: zip },
      layer: 'arn',
    },
  ])('is $why', async ({ says, platform, layer }) => {
    const { resources, compositeReady } = (await settle(claim(says), { platform })).rendered;
    expect(compositeReady).toBe(true);
    const keys = layerKeys(resources);
    expect(keys).toHaveLength(layer === 'made' ? 1 : 0);
    if (layer === 'arn') {
      expect(layersOf(resources)).toEqual([ARN]);
      return;
    }
    expect(at(resources[keys[0] ?? ''], 'spec', 'forProvider')).toEqual({
      region: 'eu-west-1',
      layerName: 'team-a-invoices-sharp-0f1e2d3c',
      description: 'sharp, which resizes images',
      s3Bucket: 'layers',
      s3Key: 'sharp.zip',
      compatibleArchitectures: ['arm64'],
      compatibleRuntimes: ['nodejs24.x'],
    });
    expect(layersOf(resources)).toEqual([
      'arn:aws:lambda:eu-west-1:111122223333:layer:team-a-invoices-sharp-0f1e2d3c:1',
    ]);
  });

  it('that nobody names is what a condition tells, with the fix; all the rest is made but the trigger', async () => {
    const { conditions, resources, compositeReady, status } = (await settle(claim(), NONE)).rendered;
    expect(compositeReady).toBe(false);
    expect(conditions['CodeReady']).toBe(
      'False WaitingForLayer: resize-image waits for a Lambda layer with sharp. Build one with `make layer`, and give its ' +
        'ARN as spec.workflow.processImage.layerArn or, once it is uploaded, its bucket and key as .layer; for all ' +
        'claims, as data.sharpLayerArn or data.sharpLayer of the EnvironmentConfig fileingest',
    );
    expect(resources['resize-image']).toBeUndefined();
    expect(resources['notification']).toBeUndefined();
    expect(resources['get-file-type']).toBeDefined();
    expect(JSON.stringify(status['waitingFor'])).toContain('a Lambda layer with sharp');
  });

  it('is there before the function that takes it', async () => {
    const waiting: Observed = {};
    for (const [key, resource] of Object.entries((await settle(claim({ layer: zip }))).observed))
      if (!/^(resize-image|sharp-layer-.*|notification)$/.test(key)) waiting[key] = resource;
    const { resources, conditions } = await render(claim({ layer: zip }), waiting);
    expect(layerKeys(resources)).toHaveLength(1);
    expect(resources['resize-image']).toBeUndefined();
    expect(conditions['CodeReady']).toMatch(
      /^False WaitingForLayerVersion: resize-image waits for sharp-layer-/,
    );
  });

  it('of another zip is another version: the old one stays until the function runs with the new one', async () => {
    const before = await settle(claim({ layer: zip }));
    const [old = ''] = layerKeys(before.observed);
    const oldArn = layersOf(before.observed);
    const next = claim({ layer: { ...zip, key: 'sharp-2.zip' } });

    const first = await render(next, before.observed);
    const [added = ''] = layerKeys(first.resources).filter((key) => key !== old);
    expect(layerKeys(first.resources).sort()).toEqual([old, added].sort());
    expect(layersOf(first.resources)).toEqual(oldArn);

    const version = made(added, first.resources[added] ?? {});
    const status = { ...statusOf(version), atProvider: { arn: OTHER_ARN } };
    const seen = { ...before.observed, [added]: { ...version, status } };
    const second = await render(next, seen);
    expect(layersOf(second.resources)).toEqual([OTHER_ARN]);
    expect(layerKeys(second.resources)).toContain(old);

    const running = { ...seen, 'resize-image': made('resize-image', second.resources['resize-image'] ?? {}) };
    const third = await render(next, running);
    expect(layerKeys(third.resources)).toEqual([added]);
  });

  it('for another architecture is another version', async () => {
    const keys = async (architecture: string) =>
      layerKeys((await settle(claim({ layer: zip }, { functions: { architecture } }))).rendered.resources);
    expect(await keys('x86_64')).not.toEqual(await keys('arm64'));
  });

  it('that is named no more stays where it runs', async () => {
    const before = await settle(claim({ layerArn: ARN }), NONE);
    const { resources } = await render(claim(), before.observed, NONE);
    expect(layersOf(resources)).toEqual([ARN]);
  });

  it('is of the claim’s region', async () => {
    const { fatal } = await render(claim({ layerArn: ARN.replace('eu-west-1', 'us-east-1') }));
    expect(fatal).toEqual([
      expect.stringContaining(
        'spec.workflow.processImage.layerArn: Invalid value: "arn:aws:lambda:us-east-1:',
      ),
    ]);
    const platform = { sharpLayerArn: ARN.replace('eu-west-1', 'us-east-1') };
    expect((await render(claim(), {}, { platform })).fatal).toEqual([
      expect.stringContaining(
        'EnvironmentConfig fileingest, data.sharpLayerArn: Invalid value: "arn:aws:lambda:us-east-1:',
      ),
    ]);
    expect((await render(claim({ layerArn: ARN }), {}, { platform })).fatal).toEqual([]);
  });
});

describe('the functions', () => {
  const variables = (resources: Record<string, Json>, key: string) =>
    at(resources[key], 'spec', 'forProvider', 'environment', 'variables');

  it('are told what the claim says', async () => {
    const { resources } = (
      await settle(
        claim({ formats: ['PNG', 'AVIF'], width: 320, suffix: '.thumb', otherFiles: 'Quarantine' }),
      )
    ).rendered;
    expect(variables(resources, 'get-file-type')).toEqual({
      FORMATS: 'PNG,AVIF',
      SUFFIX: '.thumb',
      QUARANTINE_PREFIX: 'quarantine/',
    });
    expect(variables(resources, 'resize-image')).toEqual({
      DESTINATION_BUCKET: 'team-a-invoices-images-0f1e2d3c',
      WIDTH: '320',
    });
    expect(at(resources['resize-image'], 'spec', 'forProvider')).toMatchObject({
      memorySize: 1024,
      timeout: 60,
    });
    expect(at(resources['get-file-type'], 'spec', 'forProvider')).toMatchObject({
      memorySize: 256,
      timeout: 30,
    });
  });

  it('have what the claim says of memory and time instead', async () => {
    const { resources } = (await settle(claim({}, { functions: { memoryMB: 2048, timeoutSeconds: 90 } })))
      .rendered;
    expect(at(resources['resize-image'], 'spec', 'forProvider')).toMatchObject({
      memorySize: 2048,
      timeout: 90,
    });
  });
});

describe('the destination', () => {
  it('keeps its images when the uploads expire', async () => {
    const { resources } = (await settle(claim({}, { source: { expireAfterDays: 7 } }))).rendered;
    const rules = (key: string) =>
      objects(at(resources[`${key}-lifecycle`], 'spec', 'forProvider', 'rule')).map(({ id }) => id);
    expect(rules('bucket')).toEqual(['abandoned-uploads', 'expire']);
    expect(rules('destination-bucket')).toEqual(['abandoned-uploads']);
  });

  it('is there before files are taken', async () => {
    const { observed } = await settle(claim());
    const { notification: _none, 'destination-bucket': _late, ...rest } = observed;
    expect((await render(claim(), rest)).resources['notification']).toBeUndefined();
  });
});

describe('the state machine', () => {
  const machine = async (processImage: Json = {}) => {
    const { resources } = (await settle(claim(processImage))).rendered;
    return Object.fromEntries(
      statesOf(definitionOf(resources)).map(({ name, state }) => [name, state] as const),
    );
  };

  it('is Express, unless the claim says otherwise', async () => {
    const { resources } = (await settle(claim())).rendered;
    expect(stringAt(resources['state-machine'], 'spec', 'forProvider', 'type')).toBe('EXPRESS');
  });

  it.each([
    { otherFiles: 'Delete', next: ['RecordOtherFile', 'DeleteSourceFile'] },
    { otherFiles: 'Keep', next: ['RecordOtherFile', 'KeepSourceFile'] },
    { otherFiles: 'Quarantine', next: ['RecordOtherFile', 'CopyToQuarantine', 'DeleteSourceFile'] },
  ])('$otherFiles: what is no image goes to $next', async ({ otherFiles, next }) => {
    const states = await machine({ otherFiles });
    const way: string[] = [];
    for (let at = stringAt(states['CheckFileType'], 'Default'); at; at = stringAt(states[at], 'Next'))
      way.push(at);
    expect(way).toEqual(next);
  });

  it.each([
    { why: 'is no image', state: 'RecordOtherFile', rejected: '$.results.fileType.reason' },
    { why: 'nothing can be made of', state: 'RecordRefusedFile', rejected: '$.error.Cause' },
  ])(
    'records a file that $why, with the reason, unless a newer one is recorded',
    async ({ state, rejected }) => {
      const put = (await machine({ otherFiles: 'Keep' }))[state];

      expect(at(put, 'Parameters')).toEqual({
        TableName: 'team-a-invoices-images-0f1e2d3c',
        Item: {
          Filename: { 'S.$': '$.key' },
          bucket: { 'S.$': '$.bucket' },
          size: { 'N.$': "States.Format('{}', $.size)" },
          eTag: { 'S.$': '$.eTag' },
          versionId: { 'S.$': '$.versionId' },
          sequencer: { 'S.$': '$.sequencer' },
          eventTime: { 'S.$': '$.eventTime' },
          recordedAt: { 'S.$': '$$.State.EnteredTime' },
          rejected: { 'S.$': rejected },
        },
        ConditionExpression: 'attribute_not_exists(#pk) OR #sequencer < :sequencer',
        ExpressionAttributeNames: { '#pk': 'Filename', '#sequencer': 'sequencer' },
        ExpressionAttributeValues: { ':sequencer': { 'S.$': '$.sequencer' } },
      });
    },
  );

  it('says in the row of what is moved where it goes', async () => {
    expect(
      at((await machine({ otherFiles: 'Quarantine' }))['RecordOtherFile'], 'Parameters', 'Item'),
    ).toMatchObject({
      rejected: { 'S.$': '$.results.fileType.reason' },
      destinationBucket: { S: 'team-a-invoices-images-0f1e2d3c' },
      destinationKey: { 'S.$': '$.results.fileType.quarantineKey' },
    });
  });

  it('lets the rows of refused files expire as all others', async () => {
    const { resources } = (
      await settle(claim({}, { source: { expireAfterDays: 7 }, table: { timeToLiveAttribute: 'expires' } }))
    ).rendered;
    const puts = statesOf(definitionOf(resources)).filter(({ state }) => at(state, 'Parameters', 'Item'));

    expect(puts.map(({ name, state }) => [name, at(state, 'Parameters', 'Item', 'expires')])).toEqual(
      ['WriteToDynamoDB', 'RecordOtherFile', 'RecordRefusedFile'].map((name) => [
        name,
        { 'N.$': "States.Format('{}', $.expiresAt)" },
      ]),
    );
  });

  it('puts an image in the place of its own refusal, and of nothing else that is as new', async () => {
    expect(at((await machine())['WriteToDynamoDB'], 'Parameters')).toMatchObject({
      ConditionExpression:
        'attribute_not_exists(#pk) OR #sequencer < :sequencer OR (#sequencer = :sequencer AND attribute_exists(#rejected))',
      ExpressionAttributeNames: { '#pk': 'Filename', '#sequencer': 'sequencer', '#rejected': 'rejected' },
    });
  });

  it('answers a refusal with a row, then a dead letter, and deletes nothing', async () => {
    const states = await machine();
    const next = (name: string) => stringAt(states[name], 'Next');
    const choices = (name: string) => objects(states[name]?.['Choices']);

    expect(choices('CheckFileType')[0]).toEqual({
      Variable: '$.results.fileType.refused',
      IsPresent: true,
      Next: 'RefuseFile',
    });
    expect(choices('CheckImages')).toEqual([
      { Variable: '$.results.images.resized.refused', IsPresent: true, Next: 'RefuseImage' },
    ]);
    for (const from of ['RefuseFile', 'RefuseImage']) {
      const way = [from];
      for (let name = next(from); name; name = next(name)) way.push(name);
      expect(way).toEqual([from, 'RecordRefusedFile', 'SendDeadLetter', 'QuitMain']);
    }
    expect(objects(states['RecordRefusedFile']?.['Catch'])).toEqual([
      {
        ErrorEquals: ['DynamoDB.ConditionalCheckFailedException'],
        ResultPath: '$.results.writeStatus',
        Next: 'SendDeadLetter',
      },
      { ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'SendDeadLetter' },
    ]);
  });

  it('tries nothing again that finds the same again, and all of it by its name; a refusal is no error', async () => {
    const refusals = [...Object.values(fileTypeErrors), ...Object.values(resizeErrors)].filter(
      (error) => error.prototype instanceof FileRefusedError,
    );
    expect(refusals).toHaveLength(5);
    const errors = [resizeErrors.SharpLayerError, ObjectGoneError, MalformedInputError];
    const names = errors.map((error) => new error('').name).sort();
    for (const state of ['GetFileType', 'ResizeFile']) {
      const [final, busy, again] = objects((await machine())[state]?.['Retry']);
      expect(final?.['MaxAttempts']).toBe(0);
      const said = final?.['ErrorEquals'];
      expect(Array.isArray(said) && said.filter((name) => !String(name).includes('.')).sort()).toEqual(names);
      // What took all of its time or memory, by Lambda's names of it.
      expect(said).toEqual(expect.arrayContaining(['Sandbox.Timedout', 'Runtime.ExitError']));
      expect(busy).toMatchObject({ ErrorEquals: ['Lambda.TooManyRequestsException'], MaxAttempts: 7 });
      expect(again).toMatchObject({ ErrorEquals: ['States.ALL'], MaxAttempts: 5 });
    }
  });

  it('deletes without a version, so that what was uploaded stays behind a delete marker', async () => {
    expect((await machine())['DeleteSourceFile']?.['Parameters']).toEqual({
      Bucket: 'team-a-invoices-files-0f1e2d3c',
      'Key.$': '$.key',
    });
  });

  it('deletes nothing before everything else has succeeded', async () => {
    const states = await machine();
    const before = Object.entries(states)
      .filter(([, state]) => JSON.stringify(state).includes('"Next":"DeleteSourceFile"'))
      .map(([name]) => name);
    expect(before).toEqual(['WriteToDynamoDB', 'RecordOtherFile']);
    expect(stringAt(states['ProcessFile'], 'Next')).toBe('CheckImages');
    expect(stringAt(states['CheckImages'], 'Default')).toBe('WriteToDynamoDB');
  });
});
