import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { imageOf, readImages } from '../../../argocd/images/settings.ts';
import { moduleVersion } from '../../../tools/programs/binaries.ts';
import { BUILT } from './names.ts';

const ROOT = join(import.meta.dirname, '../../..');

const catalogued = readImages({});

describe('pins', () => {
  it('are those of the plain processes', async () => {
    const { chart } = imageOf(catalogued, 'crossplane-chart');
    expect(`v${chart?.version}`).toBe(await moduleVersion('crossplane'));
  });

  it('are those of the embedded emulator', () => {
    const requirements = readFileSync(join(ROOT, 'local/requirements.txt'), 'utf8');
    expect(requirements).toContain(`ministack==${BUILT.ministack.split(':')[1]}\n`);
    const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    for (const name of ['ministack', 'front']) {
      const dockerfile = readFileSync(join(ROOT, `e2e/substrates/kind/images/${name}.Dockerfile`), 'utf8');
      expect(dockerfile).toMatch(
        new RegExp(`^ARG NODE_IMAGE=node:${devDependencies.node}-bookworm-slim$`, 'm'),
      );
    }
  });

  it('have a node of the minor that kubectl is of', async () => {
    expect(imageOf(catalogued, 'kind-node').target).toMatch(
      /^kindest\/node:v1\.34\.\d+@sha256:[0-9a-f]{64}$/,
    );
    expect(await moduleVersion('kubernetes')).toMatch(/^v1\.34\./);
  });
});
