/** Mistakes at the top of the spec. */
import { many, type Row } from './refusal.ts';

export const SPEC: readonly Row[] = [
  ['a region by its place', { region: 'Ireland' }, 'spec.region', '^(eusc|[a-z]{2})(-[a-z]+)+-[0-9]$'],
  [
    'an availability zone for a region',
    { region: 'eu-west-1a' },
    'spec.region',
    '^(eusc|[a-z]{2})(-[a-z]+)+-[0-9]$',
  ],
  ['a region in capitals', { region: 'EU-WEST-1' }, 'spec.region', '^(eusc|[a-z]{2})(-[a-z]+)+-[0-9]$'],
  ['a region longer than any', { region: `eu-${'west'.repeat(8)}-1` }, 'spec.region', '32'],
  ['several regions', { region: ['eu-west-1', 'eu-west-2'] }, 'spec.region', 'must be of type string'],
  ['a misspelt field', { tabel: { name: 'Files' } }, 'spec.tabel'],
  ['a field one level too high', { bucketName: 'orders' }, 'spec.bucketName'],
  ['a field of a Deployment', { replicas: 3 }, 'spec.replicas'],
  // Where Crossplane 1 had it.
  ['a composition at its old place', { compositionRef: { name: 'x' } }, 'spec.compositionRef'],
  [
    'a kind of provider configuration',
    { providerConfigRef: { kind: 'Provider' } },
    'spec.providerConfigRef.kind',
    'ProviderConfig',
    'ClusterProviderConfig',
  ],
  [
    'a provider configuration without a name',
    { providerConfigRef: { name: '' } },
    'spec.providerConfigRef.name',
    'at least 1',
  ],
  [
    'a provider configuration by its name only',
    { providerConfigRef: 'default' },
    'spec.providerConfigRef',
    'must be of type object',
  ],
  ['tags as a list', { tags: ['team=orders'] }, 'spec.tags', 'must be of type object'],
  [
    'a tag that YAML reads as a number',
    { tags: { 'cost-center': 4711 } },
    'spec.tags.cost-center',
    'must be of type string',
  ],
  ['a tag of 257 characters', { tags: { team: 'x'.repeat(257) } }, 'spec.tags.team', '256'],
  ['41 tags', { tags: many(41, (index) => `key-${index}`) }, 'spec.tags', '40'],
  ['data retention in lower case', { dataRetention: 'delete' }, 'spec.dataRetention', 'Retain', 'Delete'],
  [
    'data retention by a name of CloudFormation',
    { dataRetention: 'Snapshot' },
    'spec.dataRetention',
    'Retain',
    'Delete',
  ],
  [
    'a role for a permissions boundary',
    { permissionsBoundaryArn: 'arn:aws:iam::111122223333:role/team' },
    'spec.permissionsBoundaryArn',
    ':policy/.+$',
  ],
  [
    'a permissions boundary by its name',
    { permissionsBoundaryArn: 'boundary' },
    'spec.permissionsBoundaryArn',
    '^arn:aws[a-z-]*:iam::',
  ],
];
