import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { INSTALL } from '../../../argocd/images/catalogue.ts';
import { crossplaneValues } from '../../../argocd/images/means.ts';
import { readImages } from '../../../argocd/images/settings.ts';
import { manifestStream } from '../../../tools/yaml.ts';
import { argocdFolder, chartsOf, leadToRegistry } from './gitops.ts';
import { namesOf } from './names.ts';
import { allImageConfigs } from './packages.ts';
import type { Run } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'fileingest-kind-gitops-'));
afterAll(() => rmSync(folder, { recursive: true }));

const PUBLIC = readImages({});

/** Leads to the registry in a cluster in which some commands fail, until all is over after a number of them. */
async function lead(fails: (asked: number) => boolean, { forMs = 60_000, end = Number.POSITIVE_INFINITY }) {
  let asked = 0;
  const applied: string[] = [];
  const run: Run = async ({ input }) => {
    asked += 1;
    if (fails(asked)) throw new Error('timed out waiting for the condition');
    if (input !== undefined) applied.push(input);
    return { stdout: '', stderr: '' };
  };
  const around = { run, names: namesOf('test'), images: PUBLIC };
  const done = await leadToRegistry(around, { forMs, everyMs: 1, isOver: () => asked >= end });
  return { done, asked, applied };
}

it('leads our packages to the registry once Crossplane is there', async () => {
  // The first look finds nothing, and the first object is refused after two more.
  const applied = [manifestStream(allImageConfigs(PUBLIC))];
  expect(await lead((asked) => [1, 4].includes(asked), {})).toEqual({ done: true, asked: 7, applied });
});

it('leads nothing any more when all is over, and tells when Crossplane does not come', async () => {
  expect(await lead(() => true, { end: 2 })).toEqual({ done: false, asked: 2, applied: [] });
  await expect(lead(() => true, { forMs: -1 })).rejects.toThrow(
    "our packages are not led to the registry here, since Crossplane's ImageConfig was not served in",
  );
});

it("installs Argo CD from its folder, or from a copy with a file's manifest", async () => {
  const names = { ...namesOf('test'), folder };
  expect(await argocdFolder({ names, images: PUBLIC })).toBe(INSTALL);
  writeFileSync(join(folder, 'install.yaml'), 'kind: List\n');
  writeFileSync(join(folder, 'images.yaml'), 'argocd-manifests: install.yaml\n');
  const images = readImages({ IMAGES: join(folder, 'images.yaml') });
  const textOf = (file: string) => readFileSync(join(folder, 'argocd', file), 'utf8');
  expect(await argocdFolder({ names, images })).toBe(join(folder, 'argocd'));
  expect(textOf('release.yaml')).toBe('kind: List\n');
  expect(textOf('namespace.yaml')).toBe(readFileSync(join(INSTALL, 'namespace.yaml'), 'utf8'));
  expect(parse(textOf('kustomization.yaml')).resources).toEqual(['namespace.yaml', 'release.yaml']);
});

it('says where a fork has charts and images from', () => {
  expect(chartsOf(PUBLIC)).toEqual({});
  const images = readImages({ IMAGE_MIRROR: 'a.b/c' });
  expect(chartsOf(images)).toEqual({ charts: 'a.b/c/charts', crossplaneValues: crossplaneValues(images) });
});
