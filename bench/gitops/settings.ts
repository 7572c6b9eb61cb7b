/** Settings of Argo CD that are measured beside those of `argocd/install`. */
import { at, isObject, stringAt } from '../../function/src/objects.ts';
import type { KubeObject } from '../../tools/cluster.ts';

export interface Setting {
  /** For the table. */
  readonly what: string;
  /** Of the ConfigMap `argocd-cmd-params-cm`. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Environment variables of the application controller. */
  readonly controller?: Readonly<Record<string, string>>;
  /** Options of each sync, beside those that the ApplicationSet gives. */
  readonly syncOptions?: readonly string[];
  /** Whether the AppProject lists what is in a namespace and not in git; as `argocd/projects` has it when absent. */
  readonly orphans?: false;
}

/** In the order of measuring: how claims are applied goes last, since it changes who owns their fields. */
export const SETTING_NAMES = [
  'ours',
  'stock-qps',
  'processors',
  'kubectl-1',
  'no-orphans',
  'out-of-sync-only',
  'client-side-apply',
] as const;
export type SettingName = (typeof SETTING_NAMES)[number];

export const SETTINGS: Readonly<Record<SettingName, Setting>> = {
  ours: { what: 'as argocd/install' },
  'stock-qps': {
    what: 'QPS 50, burst 100',
    controller: { ARGOCD_K8S_CLIENT_QPS: '50', ARGOCD_K8S_CLIENT_BURST: '100' },
  },
  processors: {
    what: '50 status, 25 operation processors',
    parameters: { 'controller.status.processors': '50', 'controller.operation.processors': '25' },
  },
  'kubectl-1': {
    what: 'kubectl parallelism 1',
    parameters: { 'controller.kubectl.parallelism.limit': '1' },
  },
  'no-orphans': { what: 'orphaned resources not looked for', orphans: false },
  'out-of-sync-only': { what: 'ApplyOutOfSyncOnly', syncOptions: ['ApplyOutOfSyncOnly=true'] },
  'client-side-apply': { what: 'ServerSideApply off', syncOptions: ['ServerSideApply=false'] },
};

const CONTROLLER = 'argocd-application-controller';
const PARAMETERS = 'argocd-cmd-params-cm';

function withVariables(workload: KubeObject, variables: Readonly<Record<string, string>>): KubeObject {
  const copy = structuredClone(workload);
  const [container]: unknown[] = [at(copy, 'spec', 'template', 'spec', 'containers')].flat();
  if (!isObject(container) || !Array.isArray(container['env']))
    throw new Error(`the manifests' ${workload.metadata.name} has no container with variables`);
  const others = container['env'].filter((one: unknown) => !((stringAt(one, 'name') ?? '') in variables));
  container['env'] = [...others, ...Object.entries(variables).map(([name, value]) => ({ name, value }))];
  return copy;
}

/** Argo CD's manifests with a setting. */
export function withSetting(manifests: readonly KubeObject[], setting: Setting): KubeObject[] {
  return manifests.map((object) => {
    if (object.kind === 'ConfigMap' && object.metadata.name === PARAMETERS) {
      return { ...object, data: { ...Object(object['data']), ...setting.parameters } };
    }
    if (object.kind === 'StatefulSet' && object.metadata.name === CONTROLLER)
      return withVariables(object, setting.controller ?? {});
    return object;
  });
}
