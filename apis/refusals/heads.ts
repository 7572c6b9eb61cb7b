/** Mistakes around the spec: the kind, the metadata, and fields at the wrong place. */
import { claimOf, type Refusal, SMALLEST } from './refusal.ts';

const named = (title: string, metadata: object, ...says: string[]): Refusal => ({
  title,
  claim: claimOf(title, SMALLEST, { ...metadata }),
  by: 'schema',
  says,
});
const head = (title: string, fields: object, by: Refusal['by'], ...says: string[]): Refusal => ({
  title,
  claim: { ...claimOf(title, SMALLEST), ...fields },
  by,
  says,
});
const whole = (title: string, spec: unknown, ...says: string[]): Refusal =>
  head(title, { spec }, 'schema', ...says);

export const HEADS: readonly Refusal[] = [
  head('another version of the API', { apiVersion: 'fileingest.dev/v1' }, 'kubectl', '"fileingest.dev/v1"'),
  head(
    'another group of the API',
    { apiVersion: 'fileingest.io/v1alpha1' },
    'kubectl',
    '"fileingest.io/v1alpha1"',
  ),
  head('the kind in the plural', { kind: 'FileIngestPipelines' }, 'kubectl', '"FileIngestPipelines"'),
  head('a field of the spec outside it', { region: 'eu-west-1' }, 'schema', 'region'),
  head('data, as a ConfigMap has it', { data: { region: 'eu-west-1' } }, 'schema', 'data'),
  named('a name in capitals', { name: 'Invoices' }, 'metadata.name', 'Invoices'),
  named('a name with an underscore', { name: 'in_voices' }, 'metadata.name', 'in_voices'),
  named('a name that ends in a dash', { name: 'invoices-' }, 'metadata.name', 'invoices-'),
  // Crossplane puts it into a label.
  named('a name of 64 characters', { name: 'x'.repeat(64) }, 'metadata.name', '63'),
  named('a label of two words', { labels: { team: 'the orders' } }, 'metadata.labels', 'the orders'),
  named('misspelt labels', { lables: { team: 'orders' } }, 'metadata.lables'),
  whole('no region', { workflow: { type: 'RecordFile' } }, 'spec.region'),
  whole('no workflow', { region: 'eu-west-1' }, 'spec.workflow'),
  whole('an empty spec', {}, 'spec.region', 'spec.workflow'),
  whole('a spec that is a word', 'RecordFile', 'spec', 'must be of type object'),
];
