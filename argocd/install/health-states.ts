/** The recorded states in `testdata`, and the expected health of each. */

import { at, isObject, type Json, stringAt } from '../../function/src/objects.ts';
import type { KubeObject } from '../../tools/cluster.ts';

export type Health = 'Healthy' | 'Progressing' | 'Degraded' | 'Suspended';

export interface State {
  /** A file in `testdata`, without its extension. */
  readonly record: string;
  readonly health: Health;
  /** The expected message for the object. */
  readonly message: (object: KubeObject) => string;
  readonly change?: (object: KubeObject) => void;
}

export function conditionOf(object: KubeObject, type: string): Json {
  const found = at(object, 'status', 'conditions');
  const condition = Array.isArray(found) && found.find((one) => isObject(one) && one['type'] === type);
  if (!isObject(condition))
    throw new Error(`${object.kind} ${object.metadata.name} has no condition ${type}`);
  return condition;
}

export const text = (message: string) => () => message;
/** The message of a condition. */
export const told = (type: string) => (object: KubeObject) =>
  stringAt(conditionOf(object, type), 'message') ?? `${type} has no message`;
/** The types, reasons and messages of our own conditions, one per line. */
export const areas =
  (...types: string[]) =>
  (object: KubeObject) =>
    types
      .map((type) => `${type}, ${stringAt(conditionOf(object, type), 'reason')}: ${told(type)(object)}`)
      .join('\n');

export const state = (record: string, health: Health, message: State['message']): State => ({
  record,
  health,
  message,
});

const NOT_SEEN = text('Waiting for the first reconcile by Crossplane');
export const CHANGED = text('Waiting for Crossplane to reconcile the change');
export const NOTHING = text('');
export const IN_PLACE = text('Exists');

const CLAIM: State[] = [
  state('claim/new', 'Progressing', NOT_SEEN),
  state(
    'claim/waiting-for-reference',
    'Progressing',
    areas('StorageReady', 'CodeReady', 'WorkflowReady', 'TriggerReady'),
  ),
  state(
    'claim/waiting-for-permission',
    'Progressing',
    areas('StorageReady', 'CodeReady', 'WorkflowReady', 'TriggerReady'),
  ),
  state('claim/changed', 'Progressing', CHANGED),
  state('claim/ready', 'Healthy', text('All resources are ready')),
  state('claim/wrong-spec', 'Degraded', told('Synced')),
  state('claim/wrong-spec-mended', 'Progressing', CHANGED),
  state('claim/region-not-allowed', 'Degraded', told('Synced')),
  state('claim/refused-by-aws', 'Degraded', areas('StorageReady')),
  state('claim/waiting-for-layer', 'Degraded', areas('CodeReady')),
  state('claim/deleted', 'Progressing', text('Pending deletion')),
  state('claim/paused', 'Suspended', text('Paused: Crossplane changes and deletes nothing')),
];

const AWS: State[] = [
  state('aws/new', 'Progressing', text('Waiting for the first reconcile by the provider')),
  state('aws/waiting-for-reference', 'Progressing', told('Synced')),
  state('aws/creating', 'Progressing', text('Creating')),
  state('aws/ready', 'Healthy', text('Up to date in AWS')),
  state('aws/refused', 'Degraded', told('Synced')),
  state('aws/refused-and-tried-again', 'Degraded', told('LastAsyncOperation')),
  state('aws/refused-then-changed', 'Progressing', text('Waiting for the provider to reconcile the change')),
  state('aws/refused-then-mended', 'Progressing', text('Creating')),
  state('aws/recovered', 'Healthy', text('Up to date in AWS')),
  state('aws/update-refused', 'Degraded', told('Synced')),
  state('aws/no-provider-config', 'Degraded', told('Synced')),
  state('aws/observed-but-not-there', 'Degraded', told('Synced')),
  state('aws/paused', 'Suspended', text('Paused: the provider changes and deletes nothing in AWS')),
  state('aws/deleted', 'Progressing', text('Pending deletion')),
  state('aws/provider-config', 'Healthy', IN_PLACE),
  state('aws/cluster-provider-config', 'Healthy', IN_PLACE),
];

const CROSSPLANE: State[] = [
  state('crossplane/provider-new', 'Progressing', text('Waiting for Installed')),
  state('crossplane/provider-starting', 'Progressing', told('Healthy')),
  state('crossplane/provider', 'Healthy', text('Installed, Healthy')),
  state('crossplane/provider-wrong-image', 'Degraded', told('Installed')),
  state('crossplane/provider-paused', 'Suspended', text('Paused')),
  state('crossplane/provider-revision-starting', 'Progressing', text('Waiting for RevisionHealthy')),
  state('crossplane/provider-revision', 'Healthy', text('RevisionHealthy, RuntimeHealthy')),
  state('crossplane/function', 'Healthy', text('Installed, Healthy')),
  state('crossplane/function-wrong-image', 'Degraded', told('Installed')),
  state('crossplane/function-revision', 'Healthy', text('RevisionHealthy, RuntimeHealthy')),
  state('crossplane/configuration', 'Healthy', text('Installed, Healthy')),
  state('crossplane/configuration-wrong-image', 'Degraded', told('Installed')),
  state('crossplane/configuration-revision', 'Healthy', text('RevisionHealthy')),
  state('crossplane/lock', 'Healthy', text('Resolved')),
  state('crossplane/deployment-runtime-config', 'Healthy', IN_PLACE),
  state('crossplane/image-config', 'Healthy', IN_PLACE),
  state('crossplane/composite-resource-definition', 'Healthy', text('Established')),
  state(
    'crossplane/composite-resource-definition-not-established',
    'Progressing',
    text('Waiting for Established'),
  ),
  state('crossplane/composition', 'Healthy', IN_PLACE),
  state('crossplane/composition-revision', 'Healthy', text('ValidPipeline')),
  state('crossplane/environment-config', 'Healthy', IN_PLACE),
  state('crossplane/managed-resource-definition', 'Healthy', text('Established')),
  state('crossplane/managed-resource-definition-inactive', 'Healthy', text('Not activated')),
  state('crossplane/activation-policy-new', 'Progressing', text('Waiting for Healthy')),
  state('crossplane/activation-policy', 'Healthy', text('Healthy')),
  state('crossplane/operation-new', 'Progressing', text('Waiting for Succeeded')),
  state('crossplane/usage-new', 'Progressing', text('Waiting for Ready')),
];

/** The message of the last sync. */
export const ofSync: State['message'] = (object) =>
  stringAt(object, 'status', 'operationState', 'message') ?? 'no sync said anything';

const APPLICATION: State[] = [
  state('application/new', 'Progressing', text('Waiting for the first comparison by Argo CD')),
  state('application/not-synced', 'Progressing', text('Some resources are not in the cluster yet')),
  state('application/retrying', 'Progressing', ofSync),
  state('application/running', 'Progressing', ofSync),
  state('application/progressing', 'Progressing', NOTHING),
  state('application/suspended', 'Suspended', NOTHING),
  state('application/degraded', 'Degraded', NOTHING),
  state('application/healthy', 'Healthy', NOTHING),
  state('application/not-compared', 'Degraded', told('ComparisonError')),
];

export const STATES: readonly State[] = [...CLAIM, ...AWS, ...CROSSPLANE, ...APPLICATION];
