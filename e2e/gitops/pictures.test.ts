import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drawTree, savePicture } from './pictures.ts';

const CLAIM = { group: 'fileingest.dev', kind: 'FileIngestPipeline', namespace: 'fileingest-dev' };
const buckets = (claim: string, healths: string[]) =>
  healths.map((status, index) => ({
    ...{ group: 's3.aws.m.upbound.io', kind: 'Bucket', namespace: 'fileingest-dev' },
    ...{ name: `${claim}-${index}`, health: { status }, parentRefs: [{ ...CLAIM, name: claim }] },
  }));
const APPLICATION = {
  metadata: { name: 'fileingest-dev' },
  status: { health: { status: 'Degraded' }, sync: { status: 'Synced' }, resources: [] },
};
const TREE = {
  nodes: [
    { ...CLAIM, name: 'invoices', health: { status: 'Healthy' } },
    { ...CLAIM, name: 'orders', health: { status: 'Degraded', message: 'Say "yes" & <go>' } },
    ...buckets('invoices', ['Healthy', 'Healthy', 'Healthy']),
    ...buckets('orders', ['Healthy', 'Degraded', 'Healthy']),
  ],
};

/** Graphviz writes a hyphen in its own way. */
const texts = (svg: string) =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = '']) => text.replaceAll('&#45;', '-'));

interface Drawn {
  readonly x: number;
  readonly y: number;
  readonly right: number;
  readonly bottom: number;
}

/** The frame of each box. */
const boxes = (svg: string): Drawn[] =>
  [...svg.matchAll(/<g class="node[^>]*>\s*<path [^>]*d="([^"]*)"/g)].map(([, path = '']) => {
    const points = [...path.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(
      ([, x, y]) => [Number(x), Number(y)] as const,
    );
    const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
    return { x: Math.min(...xs), y: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
  });

describe('the picture of an Application', () => {
  it('has a box for each object with its kind, name and health, and a line to each but the first', async () => {
    const svg = await drawTree(APPLICATION, TREE);
    const said = texts(svg);
    for (const name of ['invoices', 'orders', 'invoices-0', 'orders-2']) expect(said).toContain(name);
    expect(said.filter((text) => text === '✗ Degraded')).toHaveLength(3);
    expect(said.filter((text) => text === 'Bucket')).toHaveLength(6);
    expect(said).toContain('Say &quot;yes&quot; &amp; &lt;go&gt;');
    expect(boxes(svg)).toHaveLength(9);
    // A trunk and a branch: across, along, across.
    expect(svg.match(/<g class="edge">\s*<path [^>]*d="M[\d.,-]+H[\d.-]+V[\d.-]+H[\d.-]+"/g)).toHaveLength(8);
  });

  it('draws the parts of the named alone one by one, and counts those of others by health', async () => {
    const svg = await drawTree(APPLICATION, TREE, { whole: ['invoices'] });
    expect(texts(svg)).toContain('invoices-1');
    expect(texts(svg)).not.toContain('orders-1');
    expect(texts(svg)).toEqual(expect.arrayContaining(['3 resources', '✗ 1 Degraded', '♥ 2 Healthy']));
    expect(boxes(svg)).toHaveLength(7);
  });

  it('counts those that have no health, too', async () => {
    const parentRefs = [{ ...CLAIM, name: 'invoices' }];
    const nodes = [
      { ...CLAIM, name: 'invoices', health: { status: 'Healthy' } },
      { kind: 'Secret', name: 'one', parentRefs },
    ];
    const said = texts(await drawTree(APPLICATION, { nodes }, { whole: [] }));
    expect(said).toEqual(expect.arrayContaining(['1 resource', '1 without a health']));
  });

  it('has no two boxes that overlap, and none that a text leaves', async () => {
    const svg = await drawTree(APPLICATION, TREE);
    const drawn = boxes(svg);
    for (const [index, a] of drawn.entries())
      for (const b of drawn.slice(index + 1))
        expect(a.right < b.x || b.right < a.x || a.bottom < b.y || b.bottom < a.y).toBe(true);
    const widths = new Set(drawn.map(({ x, right }) => `${x.toFixed(0)} ${(right - x).toFixed(0)}`));
    // Three columns, each of one width: no text has made a box wider than was reckoned.
    expect(widths.size).toBe(3);
  });

  it('has colours for light and for dark pages, each a word beside it', async () => {
    const svg = await drawTree(APPLICATION, TREE);
    expect(svg).toContain('prefers-color-scheme:dark');
    const coloured = [...svg.matchAll(/<text[^>]*fill="(#\w+)"/g)].map(([, colour = '']) => colour);
    expect(coloured.length).toBeGreaterThan(0);
    for (const colour of coloured) expect(svg).toContain(`.node text[fill="${colour}"] { fill: var(--`);
    expect(svg).toMatch(/^<svg [^>]*role="img" aria-label="Application fileingest-dev in Argo CD">/);
  });

  it('is the same bytes each time, whatever the order of the answer', async () => {
    expect(await drawTree(APPLICATION, { nodes: TREE.nodes.toReversed() })).toBe(
      await drawTree(APPLICATION, TREE),
    );
  });

  it('is drawn from what the API server says, into a folder that is made', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pictures-'));
    const asked: string[] = [];
    const api = async (path: string): Promise<unknown> => {
      asked.push(path);
      return path.endsWith('/resource-tree') ? TREE : APPLICATION;
    };
    const file = join(folder, 'a/b.svg');
    await savePicture(api, 'fileingest-dev', file);
    expect(asked.sort()).toEqual([
      '/api/v1/applications/fileingest-dev',
      '/api/v1/applications/fileingest-dev/resource-tree',
    ]);
    expect(readFileSync(file, 'utf8')).toBe(await drawTree(APPLICATION, TREE));
    rmSync(folder, { recursive: true });
  });
});
