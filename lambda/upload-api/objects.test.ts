import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createObjects } from './objects.ts';

const ROLE = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'secret', sessionToken: 'the-session' };
const objectsAt = (endpoint?: string) =>
  createObjects(
    { region: 'eu-west-1', credentials: ROLE, ...(endpoint ? { endpoint } : {}) },
    'files-1a2b3c4d',
  );
const announced = { key: 'uploads/ab/Grüße 🚚.csv', size: 3, contentType: 'text/csv' };

describe('an upload form', () => {
  test('is for one key, size and type, for a short time, and carries the session', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-01-02T03:04:05Z') });
    onTestFinished(() => void vi.useRealTimers());

    const { url, fields } = await objectsAt().uploadForm(announced, 300);

    expect(url).toBe('https://files-1a2b3c4d.s3.eu-west-1.amazonaws.com/');
    const { Policy = '', 'X-Amz-Signature': signature, ...rest } = fields;
    expect(signature).toMatch(/^[0-9a-f]{64}$/);
    expect(rest).toEqual({
      'Content-Type': 'text/csv',
      bucket: 'files-1a2b3c4d',
      key: announced.key,
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': expect.stringMatching(/^ASIAEXAMPLE\/\d{8}\/eu-west-1\/s3\/aws4_request$/),
      'X-Amz-Date': expect.stringMatching(/^\d{8}T\d{6}Z$/),
      'X-Amz-Security-Token': 'the-session',
    });
    const { expiration, conditions } = JSON.parse(Buffer.from(Policy, 'base64').toString());
    // One exact condition per field, except for the policy and its signature, and one for the size.
    expect(conditions).toHaveLength(Object.keys(rest).length + 1);
    expect(conditions).toEqual(
      expect.arrayContaining([
        ['content-length-range', 3, 3],
        ...Object.entries(rest).map(([name, value]) => ({ [name]: value })),
      ]),
    );
    expect(expiration).toBe('2026-01-02T03:09:05Z');
  });

  test('goes to an emulator by path, where a bucket has no host name of its own', async () => {
    const { url } = await objectsAt('http://127.0.0.1:4566').uploadForm(announced, 300);

    expect(url).toBe('http://127.0.0.1:4566/files-1a2b3c4d');
  });
});

test.each([
  { name: 'a b.csv', says: 'attachment; filename="a b.csv"; filename*=UTF-8\'\'a%20b.csv' },
  { name: 'é"\\.csv', says: 'attachment; filename="___.csv"; filename*=UTF-8\'\'%C3%A9%22%5C.csv' },
  { name: "it's (1)*", says: "attachment; filename=\"it's (1)*\"; filename*=UTF-8''it%27s%20%281%29%2A" },
])('a link is short-lived and saves the file as $name', async ({ name, says }) => {
  const link = new URL(await objectsAt().downloadLink('outputs/ab/x', name, 60));

  expect(link.origin + link.pathname).toBe('https://files-1a2b3c4d.s3.eu-west-1.amazonaws.com/outputs/ab/x');
  expect(Object.fromEntries(link.searchParams)).toEqual({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD',
    'X-Amz-Credential': expect.stringContaining('/eu-west-1/s3/aws4_request'),
    'X-Amz-Date': expect.any(String),
    'X-Amz-Expires': '60',
    'X-Amz-Security-Token': 'the-session',
    'X-Amz-Signature': expect.stringMatching(/^[0-9a-f]{64}$/),
    'X-Amz-SignedHeaders': 'host',
    'response-content-disposition': says,
    'x-id': 'GetObject',
  });
});
