/** Reads the ClusterProviderConfigs in git: how the provider signs in for an environment's claims. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { at, stringAt } from '../../function/src/objects.ts';
import { objectsOf } from '../../tools/yaml.ts';

const APPLICATION = 'argocd/platform/applications/provider-config.yaml';

/** The specs of ClusterProviderConfigs, by name. Two with equal specs use the same account. */
export type SignIns = ReadonlyMap<string, unknown>;

/** The ClusterProviderConfigs in the file of the Application `fileingest-provider-config`. Empty when there is no such file. */
export function readSignIns(root: string): SignIns {
  const application = join(root, APPLICATION);
  if (!existsSync(application)) return new Map();
  const source = at(parse(readFileSync(application, 'utf8')), 'spec', 'source');
  const file = join(root, stringAt(source, 'path') ?? '', stringAt(source, 'directory', 'include') ?? '');
  if (!existsSync(file)) return new Map();
  return new Map(
    objectsOf(readFileSync(file, 'utf8'))
      .filter(({ kind }) => kind === 'ClusterProviderConfig')
      .map((object) => [stringAt(object, 'metadata', 'name') ?? '', object['spec']]),
  );
}
