import { expect, it } from 'vitest';
import { targetsOf } from './notification.ts';
import { escapeXml, unescapeXml } from './xml.ts';

it('text goes into a document and out of it as it was', () => {
  const text = `<a & "b"> 'c' \u00e9 \u{1F642}`;
  expect(escapeXml(text)).toBe(`&lt;a &amp; &quot;b&quot;&gt; 'c' \u00e9 \u{1F642}`);
  expect(unescapeXml(escapeXml(text))).toBe(text);
  expect(unescapeXml('&#x41;&#66;&nbsp;')).toBe('AB&nbsp;');
});

it('a notification tells what it sends where', () => {
  const rule = (name: string, value: string) =>
    `<FilterRule><Name>${name}</Name><Value>${value}</Value></FilterRule>`;
  const xml = `<NotificationConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
    <CloudFunctionConfiguration><Id>a</Id><CloudFunction>arn:f</CloudFunction><Event>s3:ObjectCreated:*</Event>
      <Filter><S3Key>${rule('Prefix', 'in/')}${rule('suffix', 'a&amp;b')}</S3Key></Filter></CloudFunctionConfiguration>
    <QueueConfiguration><Queue>arn:q</Queue><Event>s3:ObjectCreated:Put</Event><Event>s3:ObjectRemoved:*</Event></QueueConfiguration>
    </NotificationConfiguration>`;
  expect(targetsOf(xml)).toEqual([
    { arn: 'arn:f', kind: 'function', events: ['s3:ObjectCreated:*'], prefix: 'in/', suffix: 'a&b' },
    {
      arn: 'arn:q',
      kind: 'queue',
      events: ['s3:ObjectCreated:Put', 's3:ObjectRemoved:*'],
      prefix: '',
      suffix: '',
    },
  ]);
});
