/** Recorded states with one change, for states that are hard to record. */

import { at, isObject, type Json } from '../../function/src/objects.ts';
import type { KubeObject } from '../../tools/cluster.ts';
import {
  areas,
  CHANGED,
  conditionOf,
  IN_PLACE,
  NOTHING,
  ofSync,
  type State,
  state,
  text,
  told,
} from './health-states.ts';

export interface Variation extends State {
  readonly title: string;
  readonly change: (object: KubeObject) => void;
}

/** Changes fields of a condition. */
const withCondition = (type: string, fields: Json) => (object: KubeObject) => {
  Object.assign(conditionOf(object, type), fields);
};

const LATER = '2027-01-01T00:00:00Z';

/** Changes an Application to the state after a failed sync. */
const failSync = (object: KubeObject) => {
  const operation = at(object, 'status', 'operationState');
  if (!isObject(operation)) throw new Error(`Application ${object.metadata.name} has no operationState`);
  operation['phase'] = 'Failed';
};

export const VARIATIONS: readonly Variation[] = [
  {
    ...state('application/retrying', 'Degraded', ofSync),
    title: 'given up',
    change: failSync,
  },
  {
    ...state('application/healthy', 'Healthy', NOTHING),
    title: 'after a failed sync whose objects became well',
    change: failSync,
  },
  {
    ...state('claim/waiting-for-layer', 'Progressing', areas('TriggerReady', 'Responsive')),
    title: 'the layer is there and the circuit breaker is open',
    change: (object) => {
      withCondition('CodeReady', { status: 'True' })(object);
      withCondition('Responsive', { status: 'False', reason: 'WatchCircuitOpen', message: 'Too many' })(
        object,
      );
    },
  },
  {
    ...state('aws/update-refused', 'Degraded', told('LastAsyncOperation')),
    title: 'the next attempt has begun',
    change: withCondition('Synced', { status: 'True' }),
  },
  {
    ...state('aws/recovered', 'Healthy', text('Up to date in AWS')),
    title: 'an older failure is still written down',
    change: withCondition('LastAsyncOperation', {
      status: 'False',
      message: 'once refused',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    }),
  },
  {
    ...state('aws/recovered', 'Degraded', text('refused now')),
    title: 'a failure after it',
    change: withCondition('LastAsyncOperation', {
      status: 'False',
      message: 'refused now',
      lastTransitionTime: LATER,
    }),
  },
  {
    ...state('aws/no-provider-config', 'Degraded', told('Synced')),
    title: 'cluster-scoped',
    change: (object) => Object.assign(object, { apiVersion: 's3.aws.upbound.io/v1beta1' }),
  },
  {
    ...state('aws/provider-config', 'Healthy', IN_PLACE),
    title: 'cluster-scoped',
    change: (object) => Object.assign(object, { apiVersion: 'aws.upbound.io/v1beta1' }),
  },
  {
    ...state('crossplane/provider', 'Progressing', CHANGED),
    title: 'changed',
    change: (object) => Object.assign(object.metadata, { generation: 2 }),
  },
  {
    ...state('crossplane/provider', 'Suspended', text('Package is inactive')),
    title: 'activated by hand',
    change: withCondition('Installed', {
      status: 'False',
      reason: 'InactivePackageRevision',
      message: 'Package is inactive',
    }),
  },
  {
    ...state('crossplane/provider-starting', 'Progressing', told('Healthy')),
    title: 'its pod is not there yet',
    change: withCondition('Healthy', { message: 'Package runtime health is "False" with message: no pod' }),
  },
  {
    ...state('crossplane/provider-starting', 'Degraded', told('Healthy')),
    title: 'another package has its definitions',
    change: withCondition('Healthy', {
      message: 'Package revision health is "False" with message: cannot establish control of object',
    }),
  },
  {
    ...state('crossplane/provider-revision', 'Healthy', text('Not in use')),
    title: 'an old one',
    change: (object) => {
      object['spec'] = { desiredState: 'Inactive' };
      withCondition('RuntimeHealthy', { status: 'False' })(object);
    },
  },
  {
    ...state('crossplane/activation-policy', 'Degraded', text('failed to activate 1 of 2')),
    title: 'not all could be activated',
    change: withCondition('Healthy', {
      status: 'Unknown',
      reason: 'EncounteredErrors',
      message: 'failed to activate 1 of 2',
    }),
  },
  {
    ...state('crossplane/managed-resource-definition', 'Degraded', text('unable to form it')),
    title: 'blocked',
    change: withCondition('Established', {
      status: 'False',
      reason: 'PendingManagedResource',
      message: 'unable to form it',
    }),
  },
  {
    ...state('crossplane/composition-revision', 'Degraded', text('cannot compose')),
    title: 'a function that cannot compose',
    change: withCondition('ValidPipeline', { status: 'False', message: 'cannot compose' }),
  },
  {
    ...state('crossplane/composition-revision', 'Degraded', text('refused')),
    title: 'not synced, of whatever kind, comes first',
    change: withCondition('Synced', { status: 'False', reason: 'ReconcileError', message: 'refused' }),
  },
];
