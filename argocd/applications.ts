/** Reads the state of Argo CD's Applications, and refreshes them. */
import { at, stringAt } from '../function/src/objects.ts';
import type { Cluster, KubeObject } from '../tools/cluster.ts';
import { APPLICATION, APPLICATION_SET } from '../tools/kinds.ts';

/** The namespace of Argo CD and its Applications. */
export const ARGOCD = 'argocd';
const REFRESH = 'argocd.argoproj.io/refresh';
const SET_REFRESH = 'argocd.argoproj.io/application-set-refresh';

const annotated = (name: string, value: string) => ({ metadata: { annotations: { [name]: value } } });

/** Makes Argo CD compare an Application with git now. */
export const refreshApplication = (cluster: Cluster, name: string) =>
  cluster.merge(APPLICATION, { name, namespace: ARGOCD }, annotated(REFRESH, 'normal'));

/** Makes Argo CD generate the Applications of an ApplicationSet from git now. */
export const refreshSet = (cluster: Cluster, name: string) =>
  cluster.merge(APPLICATION_SET, { name, namespace: ARGOCD }, annotated(SET_REFRESH, 'true'));

/** The state of an Application, as Argo CD reports it. */
export function stateOf(application: KubeObject | undefined) {
  return {
    sync: stringAt(application, 'status', 'sync', 'status') ?? 'Unknown',
    health: stringAt(application, 'status', 'health', 'status') ?? 'Unknown',
    revision: stringAt(application, 'status', 'sync', 'revision'),
    phase: stringAt(application, 'status', 'operationState', 'phase'),
    message: stringAt(application, 'status', 'operationState', 'message') ?? '',
  };
}

/**
 * Whether an Application is in sync with git and healthy.
 *
 * @param commit - the commit to compare with; by default the one that Argo CD compared with last
 */
export function isWell(application: KubeObject | undefined, commit?: string): boolean {
  const { sync, health, revision } = stateOf(application);
  return sync === 'Synced' && health === 'Healthy' && (commit === undefined || revision === commit);
}

export interface ResourceState {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly sync: string;
  readonly health: string;
  readonly message: string;
}

/** The state of each object that an Application has in git. */
export function resourcesOf(application: KubeObject | undefined): ResourceState[] {
  const resources = at(application, 'status', 'resources');
  return (Array.isArray(resources) ? resources : []).map((one: unknown) => ({
    kind: stringAt(one, 'kind') ?? '',
    namespace: stringAt(one, 'namespace') ?? '',
    name: stringAt(one, 'name') ?? '',
    sync: stringAt(one, 'status') ?? '',
    health: stringAt(one, 'health', 'status') ?? '',
    message: stringAt(one, 'health', 'message') ?? '',
  }));
}

/** Why an Application is not in sync or not healthy, for messages. */
export function whyNot(application: KubeObject | undefined): string {
  if (application === undefined) return 'it is not there';
  const { sync, health, phase, message } = stateOf(application);
  const conditions = at(application, 'status', 'conditions');
  const said = (Array.isArray(conditions) ? conditions : []).map((one) => stringAt(one, 'message') ?? '');
  const resources = resourcesOf(application)
    .filter((one) => one.sync !== 'Synced' || !['Healthy', ''].includes(one.health))
    .map((one) => `  ${one.kind} ${one.namespace}/${one.name}: ${one.sync} ${one.health} ${one.message}`);
  return [`${sync}, ${health}, operation ${phase}: ${message}`, ...said, ...resources].join('\n');
}
