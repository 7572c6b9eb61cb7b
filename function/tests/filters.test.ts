import { describe, expect, it } from 'vitest';
import { claimOf, settle } from '../render.ts';
import { asInEvents } from '../src/filters.ts';
import { at, type Json } from '../src/objects.ts';

describe('a text as S3’s events have it', () => {
  it.each([
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
    ['red flower.jpg', 'red+flower.jpg'],
    ['ımage.jpg', '%C4%B1mage.jpg'],
    ['year=2026/', 'year%3D2026/'],
    ['10:47:07.log', '10%3A47%3A07.log'],
    ['copy (2).jpg', 'copy+%282%29.jpg'],
    ['a+b', 'a%2Bb'],
    ['100% done', '100%25+done'],
    ["~!'@&$,;?", '%7E%21%27%40%26%24%2C%3B%3F'],
    ['AZaz09._-*/', 'AZaz09._-*/'],
    ['东京🚚', '%E4%B8%9C%E4%BA%AC%F0%9F%9A%9A'],
    ['a\tb\u007f', 'a%09b%7F'],
    ['', ''],
  ])('%j', (text, encoded) => {
    expect(asInEvents(text)).toBe(encoded);
    expect(decodeURIComponent(encoded.replaceAll('+', ' '))).toBe(text);
  });
});

describe('the notification’s filters', () => {
  const filters = async (spec: Json) => {
    const { resources } = (await settle(claimOf({ region: 'eu-west-1', ...spec }))).rendered;
    const found = at(resources['notification'], 'spec', 'forProvider', 'lambdaFunction');
    return (Array.isArray(found) ? found : []).map((item) => [
      at(item, 'filterPrefix'),
      at(item, 'filterSuffix'),
    ]);
  };
  const source = { prefix: 'year=2026/my files/', suffixes: ['.csv', ' final.txt', '.größe'] };
  const definition = { StartAt: 'Done', States: { Done: { Type: 'Succeed' } } };

  it.each([
    ['RecordFile', { type: 'RecordFile' }],
    ['RecordFile without a state machine', { type: 'RecordFile', execution: 'Direct' }],
    ['ProcessImage', { type: 'ProcessImage' }],
    ['Custom', { type: 'Custom', custom: { definition } }],
  ])('are encoded: %s', async (_type, workflow) => {
    expect(await filters({ workflow, source })).toEqual([
      ['year%3D2026/my+files/', '.csv'],
      ['year%3D2026/my+files/', '+final.txt'],
      ['year%3D2026/my+files/', '.gr%C3%B6%C3%9Fe'],
    ]);
  });

  it('are RunScript’s own', async () => {
    const upload = { authorization: { type: 'None' } };
    const workflow = { type: 'RunScript', runScript: { network: { publicAddress: true } } };
    expect(await filters({ workflow, source: { upload } })).toEqual([['uploads/', undefined]]);
  });
});
