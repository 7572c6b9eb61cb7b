import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { at } from '../../../function/src/objects.ts';
import { moduleVersion } from '../../../tools/programs/binaries.ts';
import { CHART, IMAGES } from './names.ts';

const ROOT = join(import.meta.dirname, '../../..');

describe('pins', () => {
  it('are the chart that Argo CD installs', () => {
    const application = parse(
      readFileSync(join(ROOT, 'argocd/platform/applications/crossplane.yaml'), 'utf8'),
    );
    expect(at(application, 'spec', 'sources')).toContainEqual(
      expect.objectContaining({
        repoURL: CHART.repository,
        chart: CHART.name,
        targetRevision: CHART.version,
      }),
    );
  });

  it('are those of the plain processes', async () => {
    expect(`v${CHART.version}`).toBe(await moduleVersion('crossplane'));
  });

  it('are those of the embedded emulator', () => {
    const requirements = readFileSync(join(ROOT, 'local/requirements.txt'), 'utf8');
    expect(requirements).toContain(`ministack==${IMAGES.ministack.split(':')[1]}\n`);
    const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    for (const name of ['ministack', 'front']) {
      const dockerfile = readFileSync(join(ROOT, `e2e/substrates/kind/images/${name}.Dockerfile`), 'utf8');
      expect(dockerfile).toMatch(
        new RegExp(`^FROM node:${devDependencies.node}-bookworm-slim( AS node)?$`, 'm'),
      );
    }
  });

  it('have a node of the minor that kubectl is of', async () => {
    const cluster: unknown = parse(readFileSync(join(ROOT, 'e2e/substrates/kind/cluster.yaml'), 'utf8'));
    const nodes = at(cluster, 'nodes');
    const image = Array.isArray(nodes) ? at(nodes[0], 'image') : undefined;
    expect(image).toMatch(/^kindest\/node:v1\.34\.\d+@sha256:[0-9a-f]{64}$/);
    expect(await moduleVersion('kubernetes')).toMatch(/^v1\.34\./);
  });
});
