import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import { beforeAll, describe, expect, test } from 'vitest';
import { apiEnv } from '../../lambda/testing/upload-api.ts';
import { listen } from '../../tools/ports.ts';
import {
  CHROMIUM,
  FILE,
  focused,
  headline,
  SKIPPED,
  send,
  sent,
  setBrowserStage,
  violations,
} from '../testing/browser.ts';
import { type Issuer, moveOn } from '../testing/upload-api.ts';

// What goes wrong between a person and the result, in Chromium against the emulator.

const { BUCKET } = apiEnv();
const FORM_POST = new RegExp(`${BUCKET}$`);
const NETWORK = /Failed to load resource/;
const stage = setBrowserStage();
let url: string;

beforeAll(async () => {
  if (CHROMIUM) url = await stage.api('troubles', apiEnv({ CONTENT_TYPES: 'text/csv,text/plain' }));
});

interface TokenIssuer extends Issuer {
  /** A token that is valid for an hour, or for the given number of seconds. */
  token(seconds?: number): string;
  close(): void;
}

const KEY_ID = 'key-1';
const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Starts an issuer of signed tokens on loopback. It serves its key by OpenID Connect. */
async function startIssuer(): Promise<TokenIssuer> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: KEY_ID, alg: 'RS256', use: 'sig' }];
  const server = createServer(({ url }, response) => {
    const isDiscovery = url === '/.well-known/openid-configuration';
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(isDiscovery ? { issuer, jwks_uri: `${issuer}/keys` } : { keys }));
  });
  const { url: issuer, stop } = await listen(server);
  const audience = 'uploads';
  return {
    issuer,
    audience,
    token(seconds = 3_600) {
      const exp = Math.floor(Date.now() / 1000) + seconds;
      const head = base64url({ alg: 'RS256', typ: 'JWT', kid: KEY_ID });
      const signed = `${head}.${base64url({ iss: issuer, aud: audience, sub: 'ann', exp })}`;
      return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
    },
    close: () => void stop(),
  };
}

describe.skipIf(!CHROMIUM)(`the page tells${SKIPPED}`, () => {
  const tooLarge = 'The file is too large: 1.1 MB. The maximum is 1 MB.';
  test.each([
    { why: 'no file', file: undefined, says: 'Choose a file.' },
    { why: 'too large', file: { ...FILE, buffer: Buffer.alloc(1_150_000) }, says: tooLarge },
    {
      why: 'a type that is not accepted',
      file: { ...FILE, name: 'a.pdf', mimeType: 'application/pdf' },
      says: 'Your browser reports the file type application/pdf. Only text/csv or text/plain is accepted.',
    },
    {
      why: 'a CSV file as Windows with Excel has it',
      file: { ...FILE, mimeType: 'application/vnd.ms-excel' },
      says: 'Your browser reports the file type application/vnd.ms-excel. Only text/csv or text/plain is accepted.',
    },
    {
      why: 'no known type',
      file: { ...FILE, name: 'a', mimeType: '' },
      says: 'Your browser does not know the type of this file. Only text/csv or text/plain is accepted.',
    },
  ])('before it asks: $why', async ({ file, says }) => {
    const page = await stage.open(url);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    if (file) await send(page, file);
    else await page.getByRole('button', { name: 'Send', exact: true }).click();

    expect(await page.locator('#file-wrong').textContent()).toBe(says);
    expect(await page.getByLabel('File', { exact: true }).getAttribute('aria-invalid')).toBe('true');
    expect(await focused(page)).toBe('file');
    expect(asked).toEqual([]);
  });

  test('what the API refuses, beside its field, with what was entered still there', async () => {
    const page = await stage.open(url, {}, NETWORK);
    await send(page, { ...FILE, name: 'exe.\u202egpj' });
    await page.locator('#file-wrong').waitFor();

    expect(await page.locator('#file-wrong').textContent()).toBe(
      'The upload was rejected. file_name: has a control character or a character that changes the text direction: rename the file.',
    );
    expect(await page.getByLabel('Text').inputValue()).toBe('Hello');
  });

  test('a file that is larger than it was announced', async () => {
    const page = await stage.open(url, {}, NETWORK);
    await page.route(/\/uploads$/, async (route) => {
      const asked = route.request().postDataJSON();
      await route.continue({ postData: JSON.stringify({ ...asked, size: 3 }) });
    });
    await send(page);
    await page.locator('#file-wrong').waitFor();

    expect(await page.locator('#file-wrong').textContent()).toBe(
      'The file has changed since you chose it. Choose it again.',
    );
  });

  test('a form that is used too late, and sends again with a new one', async () => {
    const late = await stage.api('late', apiEnv({ EXPIRES_SECONDS: '1' }));
    const page = await stage.open(late, {}, NETWORK);
    await page.route(
      FORM_POST,
      async (route) => {
        await new Promise((resolve) => setTimeout(resolve, 2_100));
        await route.continue();
      },
      { times: 1 },
    );
    await send(page);
    await headline(page, 'Something went wrong');
    expect(await page.locator('#detail').textContent()).toBe(
      'The upload started too late, and its permission has expired. Try again.',
    );

    await page.getByRole('button', { name: 'Try again' }).click();
    await headline(page, 'Your file was sent');
  });

  test('a file that never came', async () => {
    const page = await stage.open(url, {}, /ERR_FAILED|Failed to load/);
    await page.route(FORM_POST, () => {});
    await send(page);
    await page.waitForURL(/upload=/);
    const id = new URL(page.url()).hash.split('=')[1] ?? '';
    await moveOn(stage.clients.dynamodb, id, { created: '2026-01-02T03:04:05.678Z' });
    await page.reload();

    await headline(page, 'The file did not arrive in time');
    await page.getByRole('button', { name: 'Send another file' }).click();
    expect(await page.getByRole('button', { name: 'Send', exact: true }).isVisible()).toBe(true);
  });

  test('that it failed, in the words of the row, which are no HTML', async () => {
    const page = await stage.open(url);
    const id = await sent(page);
    const error = 'exit code 1: <img src=x onerror=alert(1)>';
    await moveOn(stage.clients.dynamodb, id, { status: 'failed', error });
    await headline(page, 'Processing failed');
    expect(await page.locator('#detail').textContent()).toBe(error);

    await page.getByRole('button', { name: 'Try again' }).click();
    await headline(page, 'Your file was sent');
    expect(page.url()).not.toContain(id);
  });

  test('that it is offline, and goes on by itself', async () => {
    const page = await stage.open(url, {}, NETWORK);
    const offline = 'You are offline. This page continues when you are online again.';
    const interruption = page.locator('#interruption');
    await page.context().setOffline(true);
    await send(page);
    await interruption.waitFor();
    expect(await interruption.textContent()).toBe(offline);
    await page.context().setOffline(false);
    await headline(page, 'Your file was sent');

    await page.context().setOffline(true);
    await interruption.waitFor();
    expect(await interruption.textContent()).toBe(offline);
    const id = new URL(page.url()).hash.split('=')[1] ?? '';
    await moveOn(stage.clients.dynamodb, id, { status: 'running' });
    await page.context().setOffline(false);
    await headline(page, 'Your file is being processed');
    expect(await interruption.isVisible()).toBe(false);
  });

  test('that the connection broke while it sent, and sends to the same place again', async () => {
    const page = await stage.open(url, {}, NETWORK);
    const posted: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') posted.push(new URL(request.url()).pathname.split('/').at(-1) ?? '');
    });
    await page.route(FORM_POST, (route) => route.abort('connectionreset'), { times: 1 });
    await send(page);
    await page.locator('#interruption').waitFor();
    expect(await page.locator('#interruption').textContent()).toBe(
      'The connection is unstable. This page keeps trying.',
    );
    await headline(page, 'Your file was sent');

    expect(posted).toEqual(['uploads', BUCKET, BUCKET]);
  });

  test('that the server has a fault, which it waits out, but not for ever', async () => {
    const page = await stage.open(url, {}, NETWORK);
    await page.clock.install();
    let tries = 0;
    const body = JSON.stringify({ errors: [{ message: 'x' }], request_id: 'request-7' });
    await page.route(/\/uploads$/, (route) => {
      tries += 1;
      return route.fulfill({ status: 500, contentType: 'application/json', body });
    });
    await send(page);
    await page.locator('#interruption').waitFor();
    expect(await page.locator('#interruption').textContent()).toBe(
      'The service has a temporary problem. This page keeps trying.',
    );
    for (let seconds = 1; seconds <= 16; seconds *= 2) {
      await expect.poll(() => page.locator('#interruption').isVisible()).toBe(true);
      await page.clock.fastForward(seconds * 1000);
    }
    await headline(page, 'Something went wrong');

    expect(tries).toBe(6);
    expect(await page.locator('#detail').textContent()).toBe(
      'The service has an error. Try again in a minute. If it happens again, report this ID: request-7.',
    );
  });

  test('that access is denied', async () => {
    const page = await stage.open(url, {}, NETWORK);
    await page.route(/\/uploads$/, (route) => route.fulfill({ status: 403, body: '<html>' }));
    await send(page);
    await headline(page, 'Something went wrong');
    expect(await page.locator('#detail').textContent()).toBe(
      'You do not have access. Ask the person who gave you this address.',
    );
  });

  test('that there is no such upload, and starts over with the keyboard alone', async () => {
    const page = await stage.open(`${url}#upload=nowhere`, {}, NETWORK);
    await headline(page, 'Upload not found');
    expect(await page.locator('#detail').textContent()).toBe(
      'There is no upload with this address. Check the address, or start over.',
    );
    expect(await page.getByRole('button').allTextContents()).toEqual(['Start over']);
    expect(await violations(page)).toEqual([]);

    expect(await focused(page)).toBe('headline');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('start-over');
    await page.keyboard.press('Enter');
    expect(await focused(page)).toBe('file');
    expect(await page.locator('#headline').isVisible()).toBe(false);
    expect(page.url()).toBe(url);

    await page.reload();
    expect(await page.getByLabel('File', { exact: true }).isVisible()).toBe(true);
    await sent(page);
  });

  test('that an upload has disappeared, and starts over with an empty form', async () => {
    const page = await stage.open(url, {}, NETWORK);
    const id = await sent(page);
    await stage.clients.dynamodb.deleteItem({ TableName: apiEnv()['TABLE_NAME'], Key: { id: { S: id } } });
    await headline(page, 'Upload not found');

    await page.getByRole('button', { name: 'Start over' }).click();
    expect(await page.locator('#chosen').textContent()).toBe(
      'No file chosen. You can also drop a file here.',
    );
    expect(await page.getByLabel('Text').inputValue()).toBe('');
    expect(page.url()).toBe(url);
  });

  test('that it is no page for signed requests', async () => {
    const page = await stage.open(await stage.api('iam', apiEnv({ AUTHORIZATION: 'IAM' })));
    expect(await page.locator('#unusable').textContent()).toBe(
      'You cannot upload from this page. Only programs that sign their requests with AWS IAM can upload here.',
    );
    expect(await page.locator('form').isVisible()).toBe(false);
  });
});

describe.skipIf(!CHROMIUM)(`the page with tokens${SKIPPED}`, () => {
  let issuer: TokenIssuer | undefined;
  let guarded: string;
  const token = (seconds?: number): string => issuer?.token(seconds) ?? '';

  beforeAll(async () => {
    issuer = await startIssuer();
    guarded = await stage.api('guarded', apiEnv({ AUTHORIZATION: 'JWT' }), issuer);
    return () => issuer?.close();
  });

  test('takes one out of the address, and keeps it in the tab', async () => {
    const page = await stage.open(`${guarded}#access_token=${token()}&token_type=Bearer`);
    expect(page.url()).toBe(guarded);
    expect(await page.getByLabel('Access token').isVisible()).toBe(false);
    const id = await sent(page);
    await moveOn(stage.clients.dynamodb, id, { status: 'running' });
    await page.reload();
    await headline(page, 'Your file is being processed');
    expect(await page.evaluate(() => localStorage.length)).toBe(0);
  });

  test('asks for one, says when it is refused, and takes another', async () => {
    const page = await stage.open(guarded, {}, NETWORK);
    const field = page.getByLabel('Access token');
    const wrong = page.locator('#token-wrong');
    await send(page);
    expect(await wrong.textContent()).toBe('Enter your access token.');
    await field.fill('not a token');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await wrong.getByText('has expired').waitFor();
    expect(await wrong.textContent()).toBe('Your access token is missing or has expired. Enter a new one.');
    await field.fill(` ${token()} `);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await headline(page, 'Your file was sent');
  });

  test('asks for a new one on the way, and goes on with the same upload', async () => {
    const page = await stage.open(`${guarded}#access_token=${token(3)}`, {}, NETWORK);
    const id = await sent(page);
    await page.getByLabel('Access token').waitFor();
    await page.getByLabel('Access token').fill(token());
    await moveOn(stage.clients.dynamodb, id, { status: 'running' });
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await headline(page, 'Your file is being processed');
    expect(page.url()).toContain(id);
  });
});
