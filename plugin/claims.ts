/** Finds claims: in the cluster of the kubeconfig's context, or in a file. */
import { readFileSync } from 'node:fs';
import { ApiException, CustomObjectsApi, KubeConfig } from '@kubernetes/client-node';
import { parseAllDocuments } from 'yaml';
import { messageOf } from '../function/src/errors.ts';
import { isObject, type Json, stringAt } from '../function/src/objects.ts';
import { EXIT, Stop } from './stop.ts';

/** Where the API server has the claims. */
export const KIND = {
  group: 'fileingest.dev',
  version: 'v1alpha1',
  plural: 'fileingestpipelines',
  kind: 'FileIngestPipeline',
} as const;

export interface Place {
  readonly namespace: string | undefined;
  readonly context: string | undefined;
  /** A file with the claim and its status. */
  readonly from: string | undefined;
}

const nameOf = (claim: Json) => stringAt(claim, 'metadata', 'name') ?? '';
const namesOf = (claims: readonly Json[]) => claims.map(nameOf).join(', ') || 'none';

/**
 * The claim with a name, or all claims of the namespace.
 *
 * @throws Stop when there is none, or when cluster or file cannot be read
 */
export async function findClaims(name: string | undefined, place: Place): Promise<readonly Json[]> {
  if (place.from !== undefined) return inFile(name, place.from);
  const { config, namespace } = connect(place);
  const custom = config.makeApiClient(CustomObjectsApi);
  const { group, version, plural } = KIND;
  const list = async (): Promise<Json[]> => {
    const found: unknown = await custom.listNamespacedCustomObject({ group, version, plural, namespace });
    return isObject(found) && Array.isArray(found['items']) ? found['items'].filter(isObject) : [];
  };
  try {
    if (name === undefined) return await list();
    const found: unknown = await custom.getNamespacedCustomObject({
      group,
      version,
      plural,
      namespace,
      name,
    });
    return isObject(found) ? [found] : [];
  } catch (error) {
    const context = config.getCurrentContext();
    if (!(error instanceof ApiException)) throw unreachable(error, context);
    if (error.code !== 404 || name === undefined) throw refused(error, namespace, context);
    const there = await list().catch((problem: unknown) => {
      throw refused(problem, namespace, context);
    });
    throw new Stop(
      `${plural} "${name}" not found in namespace ${namespace} of context ${context}. There: ${namesOf(there)}.`,
      EXIT.notReady,
    );
  }
}

function connect({ namespace, context }: Place): { config: KubeConfig; namespace: string } {
  const config = new KubeConfig();
  try {
    config.loadFromDefault();
  } catch (error) {
    throw new Stop(`the kubeconfig cannot be read: ${messageOf(error)}`, EXIT.failed, { cause: error });
  }
  if (context !== undefined) config.setCurrentContext(context);
  const current = config.getContextObject(config.getCurrentContext());
  if (!current) {
    const names = config.getContexts().map((one) => one.name);
    throw new Stop(
      `the kubeconfig has no context ${JSON.stringify(config.getCurrentContext())}. There: ${names.join(', ') || 'none'}. Use --context, or --from FILE.`,
      EXIT.usage,
    );
  }
  return { config, namespace: namespace ?? current.namespace ?? 'default' };
}

function unreachable(error: unknown, context: string): Stop {
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return new Stop(
    `the cluster of context ${context} does not answer: ${messageOf(error)}${cause}. Use --context, or --from FILE.`,
    EXIT.failed,
    { cause: error },
  );
}

/** What the API server said. 404 for a list means that it does not know the kind. */
function refused(error: unknown, namespace: string, context: string): Stop {
  if (!(error instanceof ApiException)) return unreachable(error, context);
  if (error.code === 404)
    return new Stop(
      `the cluster of context ${context} has no ${KIND.plural}.${KIND.group}. Install fileingest there, or use --context.`,
      EXIT.notReady,
    );
  const body: unknown = typeof error.body === 'string' ? safely(error.body) : error.body;
  const said = stringAt(body, 'message') ?? `HTTP ${error.code}`;
  return new Stop(`the API server of context ${context}, namespace ${namespace}: ${said}`, EXIT.failed);
}

function safely(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function inFile(name: string | undefined, path: string): readonly Json[] {
  const claims = read(path).filter(({ kind }) => kind === KIND.kind);
  const found = name === undefined ? claims : claims.filter((claim) => nameOf(claim) === name);
  if (found.length > 0) return found;
  const wanted = name === undefined ? KIND.kind : `${KIND.kind} ${JSON.stringify(name)}`;
  throw new Stop(`--from: ${path} has no ${wanted}. There: ${namesOf(claims)}.`, EXIT.notReady);
}

/** YAML has JSON in it. `kubectl get -o yaml` gives one object, or a list with `items`. */
function read(path: string): Json[] {
  try {
    return parseAllDocuments(readFileSync(path, 'utf8')).flatMap((document) => {
      const [error] = document.errors;
      if (error) throw error;
      const value: unknown = document.toJS();
      if (!isObject(value)) return [];
      return Array.isArray(value['items']) ? value['items'].filter(isObject) : [value];
    });
  } catch (error) {
    throw new Stop(`--from: ${path} cannot be read: ${messageOf(error)}`, EXIT.usage, { cause: error });
  }
}
