/** Settings of Argo CD that are measured beside those of `argocd/install`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { at, isObject, stringAt } from '../../function/src/objects.ts';
import type { KubeObject } from '../../tools/cluster.ts';

export interface Setting {
  readonly name: string;
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

export const SETTINGS: readonly Setting[] = parse(
  readFileSync(join(import.meta.dirname, 'settings.yaml'), 'utf8'),
);

/** @throws when there is no setting of this name. */
export function settingNamed(name: string): Setting {
  const found = SETTINGS.find((setting) => setting.name === name);
  if (found === undefined) throw new Error(`bench/gitops/settings.yaml has no setting ${name}`);
  return found;
}

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
