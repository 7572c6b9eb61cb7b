import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { apiEnv } from '../../lambda/testing/upload-api.ts';
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
import { moveOn } from '../testing/upload-api.ts';

// The page in Chromium, against the bundle behind an HTTP API of the emulator. What moves a row on is done by hand.

const { BUCKET } = apiEnv();
const stage = setBrowserStage();
let url: string;

beforeAll(async () => {
  if (CHROMIUM) url = await stage.api('page', apiEnv({ CONTENT_TYPES: 'text/csv,text/plain' }));
});

const move = (id: string, attributes: Record<string, string>) =>
  moveOn(stage.clients.dynamodb, id, attributes);

/** Puts a result where the script would, and says that it is done. */
async function finish(id: string): Promise<void> {
  const Key = `outputs/${id}/${FILE.name}`;
  await stage.clients.s3.putObject({ Bucket: BUCKET, Key, Body: 'the result' });
  await move(id, { status: 'done', output_file_path: `${BUCKET}/${Key}` });
}

describe.skipIf(!CHROMIUM)(`the page${SKIPPED}`, () => {
  test('goes from the form to the result, saying each state in words', async () => {
    const page = await stage.open(url);
    const id = await sent(page);

    await move(id, { status: 'uploaded' });
    await headline(page, 'Your file has arrived');
    await move(id, { status: 'launched' });
    await headline(page, 'The virtual machine is starting');
    await move(id, { status: 'running' });
    await headline(page, 'Your file is being processed');
    expect(await page.locator('[aria-current]').textContent()).toBe('Processing');
    await finish(id);
    await headline(page, 'Your result is ready');

    const downloading = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download the result' }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe(FILE.name);
    expect(await readFile(await download.path(), 'utf8')).toBe('the result');
    expect(await page.title()).toBe('Your result is ready');

    await page.getByRole('button', { name: 'Send another file' }).click();
    expect(await page.getByLabel('File', { exact: true }).inputValue()).toBe('');
    expect(new URL(page.url()).hash).toBe('');
  });

  test('shows how far the sending is', async () => {
    const page = await stage.open(url);
    const network = await page.context().newCDPSession(page);
    await network.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: 400_000,
    });
    await page.evaluate(`
      globalThis.seen = [];
      const bar = document.querySelector('progress');
      new MutationObserver(() => seen.push(bar.value)).observe(bar, { attributeFilter: ['value'] });
    `);
    await send(page, { ...FILE, buffer: Buffer.alloc(1_000_000) });
    await headline(page, 'Your file was sent');

    const seen: unknown = await page.evaluate('seen');
    const values = Array.isArray(seen) ? seen.map(Number) : [];
    expect(values).toEqual(values.toSorted((a, b) => a - b));
    expect(values.at(0)).toBe(0);
    expect(values.at(-1)).toBe(1);
    expect(values.filter((value) => value > 0 && value < 1).length).toBeGreaterThan(2);
  });

  test('can be cancelled while it sends', async () => {
    const page = await stage.open(url, {}, /ERR_FAILED/);
    await page.route(new RegExp(`${BUCKET}$`), () => {});
    await send(page);
    await page.getByRole('button', { name: 'Cancel' }).click();

    expect(await page.getByRole('button', { name: 'Send', exact: true }).isVisible()).toBe(true);
    expect(await page.locator('#chosen').textContent()).toBe('orders of monday.csv (8 bytes)');
  });

  test('takes a file that is dropped on it, and no folder or second file', async () => {
    const page = await stage.open(url);
    const drop = (names: string[]) =>
      page.evaluate(`
        const dataTransfer = new DataTransfer();
        for (const name of ${JSON.stringify(names)}) {
          dataTransfer.items.add(new File(['a,b'], name, { type: 'text/csv' }));
        }
        document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
      `);

    await drop(['a.csv', 'b.csv']);
    expect(await page.locator('#file-wrong').textContent()).toBe('Drop one file at a time.');
    await drop(['a.csv']);
    expect(await page.locator('#file-wrong').isVisible()).toBe(false);
    expect(await page.locator('#chosen').textContent()).toBe('a.csv (3 bytes)');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await headline(page, 'Your file was sent');
  });

  test('survives a reload, at any state', async () => {
    const page = await stage.open(url);
    const id = await sent(page);
    await move(id, { status: 'launched' });
    await page.reload();
    await headline(page, 'The virtual machine is starting');
    expect(await page.locator('#name').textContent()).toBe(FILE.name);
    await finish(id);
    await page.reload();
    await headline(page, 'Your result is ready');
    expect(await page.getByLabel('File', { exact: true }).isVisible()).toBe(false);
  });

  test('is used with the keyboard alone, and moves the focus to what is new', async () => {
    const page = await stage.open(url);
    // Before the first key: Playwright does not wait until the browser leaves the dialog to it.
    const choosing = page.waitForEvent('filechooser');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('file');
    await page.keyboard.press('Enter');
    await (await choosing).setFiles(FILE);
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('text');
    await page.keyboard.type('Hello');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await headline(page, 'Your file was sent');

    expect(await focused(page)).toBe('headline');
    expect(await page.getByRole('status').textContent()).toContain('Your file was sent');
  });

  test.each([
    { why: 'light', options: {} },
    { why: 'dark', options: { colorScheme: 'dark' as const } },
    { why: 'a phone of 320 px', options: { viewport: { width: 320, height: 568 }, hasTouch: true } },
  ])('is accessible and fits, in each state: $why', async ({ options }) => {
    const page = await stage.open(url, options);
    const check = async () => {
      expect(await violations(page)).toEqual([]);
      const width = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect(width).toBeLessThanOrEqual(0);
    };
    await check();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await check();
    const name = `${'a_name_without_any_space_'.repeat(8)}.csv`;
    await send(page, { ...FILE, name });
    await headline(page, 'Your file was sent');
    await check();
    const id = new URL(page.url()).hash.split('=')[1] ?? '';
    await move(id, { status: 'running' });
    await headline(page, 'Your file is being processed');
    await check();
    await finish(id);
    await headline(page, 'Your result is ready');
    await check();
    await move(id, { status: 'failed', error: `exit code 1: ${'x'.repeat(300)}` });
    await page.reload();
    await headline(page, 'Processing failed');
    await check();
  });

  test('stands still for those who want that', async () => {
    const page = await stage.open(url, { reducedMotion: 'reduce' });
    await sent(page);
    const animation: unknown = await page.evaluate(
      `getComputedStyle(document.querySelector('[aria-current]')).animationName`,
    );
    expect(animation).toBe('none');
  });

  test('runs no script but its own, and talks to no other host', async () => {
    const page = await stage.open(url, {}, /Content Security Policy|Refused to connect/);
    await page.evaluate(`(async () => {
      globalThis.stopped = [];
      addEventListener('securitypolicyviolation', (event) => stopped.push(event.effectiveDirective));
      const script = document.createElement('script');
      script.textContent = 'globalThis.injected = true';
      document.body.append(script);
      await fetch('http://127.0.0.1:9/').catch(() => {});
    })()`);
    await expect.poll(() => page.evaluate('stopped')).toEqual(['script-src-elem', 'connect-src']);
    expect(await page.evaluate(`'injected' in globalThis`)).toBe(false);
  });
});
