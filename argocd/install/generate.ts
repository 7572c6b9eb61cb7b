/**
 * Writes the health checks of `argocd/install/health` into `argocd/install/argocd-cm.yaml`, where Argo CD reads them.
 * With `--check`, it writes nothing and fails when the file is out of date.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { writeGenerated } from '../../tools/generated.ts';

/**
 * The groups and kinds of each health check, as group/kind with wildcards. A kind must match only one of them, since Argo CD uses an
 * arbitrary one of several matching wildcards. Wildcards win over Argo CD's own checks, and an exact kind wins over wildcards.
 */
export const CHECKS: readonly { file: string; kinds: string }[] = [
  { file: 'claim.lua', kinds: 'fileingest.dev/FileIngestPipeline' },
  { file: 'application.lua', kinds: 'argoproj.io/Application' },
  { file: 'crossplane.lua', kinds: '*.crossplane.io/*' },
  { file: 'aws.lua', kinds: '{aws,aws.m,*.aws,*.aws.m}.upbound.io/*' },
];

const ABOUT = '# Generated from argocd/install/health by `make generate`. Do not edit.';

/** The Lua of a health check. */
export const healthCheck = (file: string) => readFileSync(join(import.meta.dirname, 'health', file), 'utf8');

/**
 * The patch of the ConfigMap.
 *
 * @param read - returns the Lua of a file
 */
export function generate(read: (file: string) => string): string {
  const wild = CHECKS.filter(({ kinds }) => kinds.includes('*'));
  const exact = CHECKS.filter(({ kinds }) => !kinds.includes('*'));
  // A key of a ConfigMap cannot contain * or /, so wildcards are in a separate block.
  const block = Object.fromEntries(wild.map(({ file, kinds }) => [kinds, { 'health.lua': read(file) }]));
  const keys = exact.map(({ file, kinds }) => [
    `resource.customizations.health.${kinds.replace('/', '_')}`,
    read(file),
  ]);
  const patch = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'argocd-cm' },
    data: {
      ...Object.fromEntries(keys),
      'resource.customizations': stringify(block, { lineWidth: 0 }),
    },
  };
  return `${ABOUT}\n${stringify(patch, { lineWidth: 0 })}`;
}

if (import.meta.main)
  writeGenerated([
    {
      file: 'argocd/install/argocd-cm.yaml',
      text: generate(healthCheck),
      source: 'argocd/install/health',
    },
  ]);
