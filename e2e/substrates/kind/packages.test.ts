// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of a Dockerfile
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { imageConfigs } from '../../../argocd/images/means.ts';
import { readImages } from '../../../argocd/images/settings.ts';
import { ROOT } from './names.ts';
import { allImageConfigs, releaseDockerfile } from './packages.ts';

it('leads to our packages beside the cluster, and to the others in a mirror', () => {
  const ours = ['fileingest/function-fileingest', 'fileingest/configuration-fileingest'].map((path) => ({
    matchImages: [{ type: 'Prefix', prefix: `ghcr.io/${path}` }],
    rewriteImage: { prefix: `registry.localhost:5000/${path}` },
  }));
  expect(allImageConfigs(readImages({})).map(({ spec }) => spec)).toEqual(ours);
  const mirrored = readImages({ IMAGE_MIRROR: 'a.b/c' });
  expect(allImageConfigs(mirrored).slice(ours.length)).toEqual(imageConfigs(mirrored));
});

it("makes a release's Dockerfile of function/Dockerfile", () => {
  const made = releaseDockerfile(readFileSync(join(ROOT, 'function/Dockerfile'), 'utf8'));
  expect(made.match(/^(FROM|COPY|RUN|USER) .*$/gm)).toEqual([
    'FROM ${NODE_IMAGE} AS node',
    'FROM ${BASE_IMAGE}',
    'COPY --from=node /usr/local/bin/node /usr/local/bin/node',
    'COPY . /function',
    'USER 2000:2000',
  ]);
  expect(made).toMatch(/^ARG NODE_IMAGE=\S+\nARG BASE_IMAGE=\S+\n/m);
  expect(() => releaseDockerfile('FROM scratch\n')).toThrow('mend releaseDockerfile');
});
