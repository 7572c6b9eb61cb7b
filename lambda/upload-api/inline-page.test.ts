import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inlinePage } from './inline-page.ts';
import { SETTINGS_MARK } from './page.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'page-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function pageOf(script: string): Promise<string> {
  const html =
    '<head>\n  <link rel="stylesheet" href="a.css" />\n</head>\n<p>\n  it\n</p>\n<script src="a.ts"></script>\n';
  await writeFile(join(folder, 'index.html'), html);
  await writeFile(join(folder, 'a.css'), 'p {\n  margin: 0px;\n}\n');
  await writeFile(join(folder, 'b.ts'), 'export type Text = string;\nconsole.log(`two\n  lines $& é`);\n');
  await writeFile(join(folder, 'a.ts'), script);
  return inlinePage(join(folder, 'index.html'));
}

test('puts styles and scripts into the page, and changes nothing in a text', async () => {
  expect(await pageOf(`import './b.ts';\n`)).toBe(
    '<head>\n<style>p{margin:0}</style>\n</head>\n<p>\nit\n</p>\n' +
      '<script>(()=>{console.log(`two\n  lines $& é`);})();</script>\n',
  );
});

test('a text that looks like the end of the script does not end it', async () => {
  const html = await pageOf(`console.log('</script><p>');`);

  expect(html.match(/<script>.*?<\/script>/s)?.[0]).toBe(
    '<script>(()=>{console.log("<\\/script><p>");})();</script>',
  );
});

describe('the upload page', () => {
  test('is one text with nothing to fetch, one place for its settings, and under 24 KB', async () => {
    const html = await inlinePage(join(import.meta.dirname, '../../web/index.html'));

    expect(html.split(SETTINGS_MARK)).toHaveLength(2);
    expect(html.match(/<(script|style)>/g)).toEqual(['<style>', '<script>']);
    expect(html).not.toMatch(/\ssrc=|<link rel="stylesheet"|https?:\/\//);
    expect(Buffer.byteLength(html)).toBeLessThan(24_576);
  });
});
