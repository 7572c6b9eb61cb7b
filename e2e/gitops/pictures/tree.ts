/** What Argo CD says of an Application, as one tree. */
import { at, isObject, stringAt } from '../../../function/src/objects.ts';

export interface TreeNode {
  readonly kind: string;
  readonly name: string;
  /** Argo CD's word, such as `Healthy`; absent for kinds that have no health, such as Namespace. */
  readonly health?: string | undefined;
  /** `Synced` or `OutOfSync`; absent for what is not in git but made from it. */
  readonly sync?: string | undefined;
  /** The sync wave of what is in git. */
  readonly wave?: number | undefined;
  /** Why it is not well, in Argo CD's words; absent where it is. */
  readonly reason?: string | undefined;
  readonly children: TreeNode[];
}

const objectsIn = (value: unknown) => (Array.isArray(value) ? value.filter(isObject) : []);

/** The same for a node, for a reference to it, and for what the Application says of it. */
const keyOf = (one: unknown) =>
  ['group', 'kind', 'namespace', 'name'].map((field) => stringAt(one, field) ?? '').join('/');

/** A cluster-wide object has a namespace in the result of a sync, and none elsewhere. */
const sameObject = (result: unknown, node: unknown) =>
  ['group', 'kind', 'name'].every(
    (field) => (stringAt(result, field) ?? '') === (stringAt(node, field) ?? ''),
  ) && [undefined, stringAt(result, 'namespace')].includes(stringAt(node, 'namespace'));

/** What the API server said when it refused the object; else what its health says, where that is not good. */
function reasonOf(node: unknown, results: readonly unknown[]): string | undefined {
  const failed = results.find((one) => stringAt(one, 'status') === 'SyncFailed' && sameObject(one, node));
  const isWell = (stringAt(node, 'health', 'status') ?? 'Healthy') === 'Healthy';
  return stringAt(failed, 'message') ?? (isWell ? undefined : stringAt(node, 'health', 'message'));
}

const byPlace = (a: TreeNode, b: TreeNode) =>
  (a.wave ?? 0) - (b.wave ?? 0) || a.kind.localeCompare(b.kind, 'en') || a.name.localeCompare(b.name, 'en');

function sorted(node: TreeNode): TreeNode {
  return { ...node, children: node.children.map(sorted).sort(byPlace) };
}

/**
 * An Application with everything below it, in the order of waves, kinds and names.
 *
 * @param application - the answer of `/api/v1/applications/<name>`.
 * @param tree - the answer of `/api/v1/applications/<name>/resource-tree`.
 * @throws when one of them is something else.
 */
export function readTree(application: unknown, tree: unknown): TreeNode {
  const name = stringAt(application, 'metadata', 'name');
  if (name === undefined) throw new Error('Argo CD gave no Application: metadata.name is missing');
  const nodes = at(tree, 'nodes');
  if (!Array.isArray(nodes)) throw new Error(`Argo CD gave no tree of ${name}: nodes is no list`);
  const inGit = objectsIn(at(application, 'status', 'resources'));
  const results = objectsIn(at(application, 'status', 'operationState', 'syncResult', 'resources'));
  // What is in git and not in the cluster has a node, too, whose health is Missing.
  const all = objectsIn(nodes);
  const found = new Map<string, TreeNode>();
  for (const node of all) {
    const resource = inGit.find((one) => keyOf(one) === keyOf(node));
    found.set(keyOf(node), {
      kind: stringAt(node, 'kind') ?? '',
      name: stringAt(node, 'name') ?? '',
      health: stringAt(node, 'health', 'status'),
      sync: stringAt(resource, 'status'),
      wave: resource && Number(at(resource, 'syncWave') ?? 0),
      reason: reasonOf(node, results),
      children: [],
    });
  }
  const root: TreeNode = {
    ...{ kind: 'Application', name, children: [] },
    health: stringAt(application, 'status', 'health', 'status'),
    sync: stringAt(application, 'status', 'sync', 'status'),
  };
  for (const node of all) {
    const parents = objectsIn(at(node, 'parentRefs')).flatMap((ref) => found.get(keyOf(ref)) ?? []);
    const child = found.get(keyOf(node));
    if (child !== undefined) (parents[0] ?? root).children.push(child);
  }
  return sorted(root);
}
