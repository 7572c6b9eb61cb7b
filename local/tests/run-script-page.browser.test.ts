/** From a browser to a machine and back: the page of a whole claim, in Chromium. */
import { readFile } from 'node:fs/promises';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { claimOf } from '../../function/render.ts';
import { type Machines, startMachines } from '../machines.ts';
import { type Pipeline, startPipeline } from '../pipeline.ts';
import { CHROMIUM, FILE, headline, SKIPPED, send } from '../testing/browser.ts';
import { functionOf, servedAt } from '../upload-client.ts';

const claim = claimOf({
  region: 'eu-west-1',
  source: { upload: { authorization: { type: 'None' } } },
  workflow: { type: 'RunScript', runScript: { network: { publicAddress: true } } },
});

describe.skipIf(!CHROMIUM)(`the page of a claim${SKIPPED}`, () => {
  let pipeline: Pipeline;
  let machines: Machines;
  let browser: Browser;

  beforeAll(async () => {
    pipeline = await startPipeline(claim);
    const launcher = functionOf({ parts: pipeline }, 'launch-instance');
    machines = startMachines({ clients: pipeline.clients, launcher, pipeline: 'team-a/invoices' });
    browser = await chromium.launch({ executablePath: CHROMIUM ?? '', args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser?.close();
    await machines?.stop();
    await pipeline?.stop();
  });

  test('takes a file and a text, and gives the file with the text appended', async () => {
    const page = await (await browser.newContext()).newPage();
    page.setDefaultTimeout(60_000);
    await page.goto(`${servedAt(pipeline.url, pipeline.clients.endpoint)}/`);

    await send(page, FILE, 'Grüße');
    await headline(page, 'Your result is ready');

    const downloading = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download the result' }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe(FILE.name);
    expect(await readFile(await download.path(), 'utf8')).toBe('a,b\n1,2\nGrüße');
  });
});
