/** Compares the catalogue with what the releases of Argo CD and of Crossplane name themselves. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { stringAt } from '../function/src/objects.ts';
import { BUILD_TIMEOUT_MS, moduleFolder } from '../tools/programs/binaries.ts';
import { tell } from '../tools/terminal.ts';
import { catalogue } from './images/catalogue.ts';
import { parseReference } from './images/reference.ts';

const sourcesBy = (means: string) =>
  catalogue()
    .filter(({ by }) => by === means)
    .map(({ source }) => source);

it("has the images of Argo CD's release", { timeout: BUILD_TIMEOUT_MS }, async () => {
  const text = await readFile(join(await moduleFolder('argocd', tell), 'manifests/install.yaml'), 'utf8');
  const named = [...text.matchAll(/^ +(?:- )?image: (\S+)$/gm)].map(([, image]) => image);
  expect(new Set(sourcesBy('kustomize'))).toEqual(new Set(named));
});

it("has the image of Crossplane's chart", { timeout: BUILD_TIMEOUT_MS }, async () => {
  const chart = join(await moduleFolder('crossplane', tell), 'cluster/charts/crossplane');
  const values: unknown = parse(await readFile(join(chart, 'values.yaml'), 'utf8'));
  const repositories = sourcesBy('values').map((source) => parseReference(source)?.repository);
  expect(repositories).toEqual([stringAt(values, 'image', 'repository')]);
});
