import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';

const LINKS = [
  { tag: /<link rel="stylesheet" href="([^"]+)" \/>/g, element: 'style' },
  { tag: /<script src="([^"]+)"><\/script>/g, element: 'script' },
];

/**
 * The minified text of a page, with the content of style sheets and scripts in place of the tags that link to them. A
 * script can be TypeScript and can import files. The same sources give the same text.
 *
 * @param path - the HTML file
 * @throws Error of esbuild when it cannot bundle a script or a style sheet
 */
export async function inlinePage(path: string): Promise<string> {
  let html = (await readFile(path, 'utf8')).replaceAll(/\n\s*/g, '\n');
  for (const { tag, element } of LINKS) {
    for (const [found, source = ''] of html.matchAll(tag)) {
      // esbuild escapes text that would end the element.
      const text = await bundle(dirname(path), source);
      html = html.replace(found, () => `<${element}>${text}</${element}>`);
    }
  }
  return html;
}

/** An esbuild plugin that imports an `.html` file as the text of `inlinePage`. */
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
    // All engines have supported this since spring 2024.
    target: ['chrome123', 'firefox124', 'safari17.4'],
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
    tsconfigRaw: {},
  });
  return outputFiles[0]?.text.trim() ?? '';
}
