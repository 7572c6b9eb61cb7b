import { expect, it } from 'vitest';
import type { Json } from '../../function/src/objects.ts';
import { placeClaims } from './place.ts';

const claim = (name: string, namespace = 'fileingest-dev'): Json => ({
  kind: 'FileIngestPipeline',
  metadata: { name, namespace },
});
const files = (texts: Record<string, string>) =>
  new Map(Object.entries(texts).map(([path, text]) => [path, Buffer.from(text)]));
const yaml = (name: string, namespace?: string) =>
  `kind: FileIngestPipeline\nmetadata:\n  name: ${name}\n${namespace ? `  namespace: ${namespace}\n` : ''}`;
const DEV = { name: 'dev', cluster: 'in-cluster' };

it('says of each claim where it is from', () => {
  const config = { kind: 'ConfigMap', metadata: { name: 'orders' } };
  const placed = placeClaims(
    [claim('orders'), config, claim('refunds'), claim('photos'), claim('patched')],
    DEV,
    files({
      'broken.yaml': '{',
      'config.yaml': 'kind: ConfigMap\nmetadata: { name: photos }\n',
      'notes.md': yaml('patched'),
      'orders.yaml': yaml('orders'),
      'team/two.yml': `${yaml('refunds')}---\n${yaml('photos')}`,
    }),
  );
  expect(placed).toEqual([
    {
      claim: claim('orders'),
      environment: 'dev',
      cluster: 'in-cluster',
      file: 'argocd/environments/dev/claims/orders.yaml',
    },
    {
      claim: claim('refunds'),
      environment: 'dev',
      cluster: 'in-cluster',
      file: 'argocd/environments/dev/claims/team/two.yml',
    },
    {
      claim: claim('photos'),
      environment: 'dev',
      cluster: 'in-cluster',
      file: 'argocd/environments/dev/claims/team/two.yml',
    },
    { claim: claim('patched'), environment: 'dev', cluster: 'in-cluster', file: 'argocd/environments/dev' },
  ]);
});

it('tells claims of one name in two namespaces apart', () => {
  const placed = placeClaims(
    [claim('orders', 'fileingest-dev-a'), claim('orders', 'fileingest-dev-b')],
    DEV,
    files({ 'a.yaml': yaml('orders', 'fileingest-dev-a'), 'b.yaml': yaml('orders', 'fileingest-dev-b') }),
  );
  expect(placed.map(({ file }) => file)).toEqual([
    'argocd/environments/dev/claims/a.yaml',
    'argocd/environments/dev/claims/b.yaml',
  ]);
});
