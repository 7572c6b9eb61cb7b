import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';

const LINKS = [
  { tag: /<link rel="stylesheet" href="([^"]+)" \/>/g, element: 'style' },
  { tag: /<script src="([^"]+)"><\/script>/g, element: 'script' },
];

/**
 * The text of a page with its style sheets and scripts (TypeScript too, with what it imports) in place of the tags that
 * name them, minified. The same sources give the same text.
 *
 * @param path of the HTML file
 * @throws Error of esbuild when a script or a style sheet does not bundle
 */
export async function inlinePage(path: string): Promise<string> {
  let html = (await readFile(path, 'utf8')).replaceAll(/\n\s*/g, '\n');
  for (const { tag, element } of LINKS) {
    for (const [found, source = ''] of html.matchAll(tag)) {
      // esbuild escapes what would end the element.
      const text = await bundle(dirname(path), source);
      html = html.replace(found, () => `<${element}>${text}</${element}>`);
    }
  }
  return html;
}

/** An esbuild plugin that makes an imported `.html` file the text of `inlinePage`. */
export const inlinePages: Plugin = {
  name: 'inline-pages',
  setup({ onLoad }) {
    onLoad({ filter: /\.html$/ }, async ({ path }) => ({ contents: await inlinePage(path), loader: 'text' }));
  },
};

async function bundle(folder: string, source: string): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: [`./${source}`],
    outdir: join(folder, 'out'),
    write: false,
    bundle: true,
    minify: true,
    format: 'iife',
    // What every engine has had since the spring of 2024.
    target: ['chrome123', 'firefox124', 'safari17.4'],
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
    tsconfigRaw: {},
  });
  return outputFiles[0]?.text.trim() ?? '';
}
