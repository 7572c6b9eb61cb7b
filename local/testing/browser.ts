import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { type Clients, createClients } from '../aws.ts';
import { type Emulator, startEmulator } from '../emulator.ts';
import { findChromium } from './chromium.ts';
import { type Issuer, makeStorage, startApi } from './upload-api.ts';

/** The path of Chromium, and the suffix of a test's name when there is none. */
export const CHROMIUM = findChromium();
const REASON = 'skipped: no Chromium found; install one, or name it in CHROMIUM';
export const SKIPPED = CHROMIUM ? '' : ` (${REASON})`;
if (SKIPPED) console.warn(`The page's tests are ${REASON}`);

/** A file for the form. */
export const FILE = { name: 'orders of monday.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n1,2\n') };

export interface BrowserStage {
  readonly clients: Clients;
  /** Creates an API. Resolves to the address of its page. */
  api(name: string, env: Record<string, string>, issuer?: Issuer): Promise<string>;
  /** Opens an address in a new browser context. Logs and errors of the page fail the test, except those that match `expected`. */
  open(url: string, options?: BrowserContextOptions, expected?: RegExp): Promise<Page>;
}

/** Registers the hooks that give the tests of a file the emulator with bucket and table, and a browser. */
export function setBrowserStage(): BrowserStage {
  let emulator: Emulator | undefined;
  let clients: Clients | undefined;
  let browser: Browser | undefined;
  let complaints: string[] = [];
  const started = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('the stage is set by hooks: use it within a test');
    return value;
  };

  beforeAll(async () => {
    if (!CHROMIUM) return;
    emulator = await startEmulator({ region: 'eu-west-1' });
    clients = createClients(emulator);
    await makeStorage(clients);
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  });
  afterEach(async () => {
    for (const context of browser?.contexts() ?? []) await context.close();
    const found = complaints;
    complaints = [];
    expect(found).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    clients?.close();
    await emulator?.stop();
  });

  return {
    get clients() {
      return started(clients);
    },
    api: (name, env, issuer) => startApi(started(emulator), started(clients).lambda, name, env, issuer),
    async open(url, options = {}, expected = /^$/) {
      const page = await (await started(browser).newContext(options)).newPage();
      page.setDefaultTimeout(15_000);
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => {
        if (!expected.test(message.text())) complaints.push(message.text());
      });
      await page.goto(url);
      return page;
    },
  };
}

/** Fills in the form and sends it. */
export async function send(page: Page, file = FILE, text = 'Hello'): Promise<void> {
  await page.getByLabel('File', { exact: true }).setInputFiles(file);
  await page.getByLabel('Text').fill(text);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
}

/** Waits for a headline. */
export async function headline(page: Page, text: string): Promise<void> {
  await page.getByRole('heading', { level: 2, name: text }).waitFor();
}

/** Sends the file. Resolves to the upload's id. */
export async function sent(page: Page): Promise<string> {
  await send(page);
  await headline(page, 'Your file was sent');
  return new URLSearchParams(new URL(page.url()).hash.slice(1)).get('upload') ?? '';
}

/** The id of the element that has the focus. */
export function focused(page: Page): Promise<unknown> {
  return page.evaluate('document.activeElement?.id');
}

/** The accessibility problems that axe-core finds in the current state of the page. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  // This runs in the page, where axe is a global.
  const found: unknown = await page.evaluate(
    `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))`,
  );
  return Array.isArray(found) ? found.map(String) : [String(found)];
}
