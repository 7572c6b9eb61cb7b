import { join } from 'node:path';
import { expect, it } from 'vitest';
import { at } from '../../../function/src/objects.ts';
import { readManifests } from '../../../tools/yaml.ts';
import { POLL_INTERVAL } from '../../run.ts';
import { MANIFESTS } from './names.ts';
import { deploymentsOf, providerNames } from './outages.ts';

it('has the provider look as often as on host', () => {
  const [runtime] = readManifests(join(MANIFESTS, 'provider-runtime.yaml'));
  const containers = at(runtime, 'spec', 'deploymentTemplate', 'spec', 'template', 'spec', 'containers');
  expect(containers).toEqual([{ name: 'package-runtime', args: [`--poll=${POLL_INTERVAL}`] }]);
});

it('finds the deployment of each provider', () => {
  const names = providerNames();
  const itemOf = (name: string) => ({ metadata: { name }, status: { currentRevision: `${name}-1a2b` } });
  const items = ['another', ...names].map(itemOf);
  expect(deploymentsOf(JSON.stringify({ items }))).toEqual(names.map((name) => `deployment/${name}-1a2b`));
  expect(() => deploymentsOf('{"items":[]}')).toThrow(
    `of the providers ${names.join(', ')} only these run: `,
  );
});
