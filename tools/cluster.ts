/** The Kubernetes API: objects in, objects out, and watches instead of sleeps. */
import { setTimeout as delay } from 'node:timers/promises';
import {
  ApiException,
  CustomObjectsApi,
  KubeConfig,
  KubernetesObjectApi,
  PatchStrategy,
  Watch,
} from '@kubernetes/client-node';
import { at, isObject, type Json, stringAt } from '../function/src/objects.ts';
import { plainRequests } from './plain-requests.ts';

/** Where a kind is served. */
export interface Kind {
  /** Such as `fileingest.dev/v1alpha1`. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
}

export interface ObjectRef {
  readonly name: string;
  readonly namespace?: string;
}

/** An object of the API server. */
export type KubeObject = Json & {
  apiVersion: string;
  kind: string;
  metadata: Json & { name: string; namespace?: string };
};

/** Everything of a kind in all namespaces, kept up to date by a watch. */
export interface Followed {
  all(): KubeObject[];
  get(ref: ObjectRef): KubeObject | undefined;
  /** Called for each object that is added, changed or deleted. Returns how to stop. */
  onChange(listener: (object: KubeObject, phase: string) => void): () => void;
  stop(): void;
}

export type Cluster = ReturnType<typeof createCluster>;

const FIELD_MANAGER = 'fileingest-e2e';
const GONE = 404;
const TOO_EARLY = 429;

/** Whether the API server answered with this status. */
export function isStatus(error: unknown, code: number): boolean {
  return error instanceof ApiException && error.code === code;
}

function asObject(value: unknown): KubeObject {
  if (!isKubeObject(value)) throw new Error('the API server answered something that is no object');
  return value;
}

/** Whether a value has what every object of Kubernetes has. */
export function isKubeObject(value: unknown): value is KubeObject {
  return (
    isObject(value) &&
    typeof value['apiVersion'] === 'string' &&
    typeof value['kind'] === 'string' &&
    stringAt(value, 'metadata', 'name') !== undefined
  );
}

/** A kind that has just been defined answers 429 for a moment, while its storage is made ready. */
async function patiently<T>(call: () => Promise<T>): Promise<T> {
  for (let left = 40; ; left -= 1) {
    try {
      return await call();
    } catch (error) {
      if (!isStatus(error, TOO_EARLY) || left === 0) throw error;
      await delay(250);
    }
  }
}

const keyOf = ({ name, namespace = '' }: ObjectRef) => `${namespace}/${name}`;

function pathOf({ apiVersion, plural }: Kind): string {
  return `${apiVersion.includes('/') ? '/apis' : '/api'}/${apiVersion}/${plural}`;
}

/** The condition of an object by type: its status, reason and message. */
export function conditionOf(object: unknown, type: string) {
  const conditions = at(object, 'status', 'conditions');
  const found: unknown = (Array.isArray(conditions) ? conditions : []).find(
    (one) => at(one, 'type') === type,
  );
  return {
    status: stringAt(found, 'status'),
    reason: stringAt(found, 'reason') ?? '',
    message: stringAt(found, 'message') ?? '',
    since: stringAt(found, 'lastTransitionTime'),
  };
}

/**
 * Connects to the cluster of a kubeconfig file; nothing is sent yet.
 *
 * @param kubeconfig - path of the file. The user's own configuration is never looked at.
 */
export function createCluster(kubeconfig: string) {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const objects = KubernetesObjectApi.makeApiClient(config);
  const custom = config.makeApiClient(CustomObjectsApi);
  const watch = new Watch(config);
  const header = ({ apiVersion, kind }: Kind, { name, namespace }: ObjectRef) => ({
    apiVersion,
    kind,
    metadata: { name, ...(namespace !== undefined && { namespace }) },
  });

  /** Applies by server-side apply, as the owner of the fields it names. */
  const apply = async (object: KubeObject): Promise<KubeObject> =>
    asObject(
      await patiently(() =>
        objects.patch(object, undefined, undefined, FIELD_MANAGER, true, PatchStrategy.ServerSideApply),
      ),
    );

  /** Merges a patch into an object. */
  const merge = async (kind: Kind, ref: ObjectRef, patch: Json): Promise<KubeObject> => {
    const { metadata, ...rest } = patch;
    const target = header(kind, ref);
    const merged = {
      ...rest,
      ...target,
      metadata: { ...(isObject(metadata) ? metadata : {}), ...target.metadata },
    };
    return asObject(
      await objects.patch(merged, undefined, undefined, FIELD_MANAGER, undefined, PatchStrategy.MergePatch),
    );
  };

  /**
   * Sets fields of an object's status, and adds conditions to it. The status is replaced as a whole, and only
   * if nobody has changed the object meanwhile.
   *
   * @throws an ApiException with the code 409 when somebody has.
   */
  const setStatus = async (
    kind: Kind,
    object: KubeObject,
    fields: Json,
    added: readonly Json[],
  ): Promise<void> => {
    const [group = '', version = ''] = kind.apiVersion.split('/');
    const status = isObject(object['status']) ? object['status'] : {};
    const before = Array.isArray(status['conditions']) ? status['conditions'] : [];
    const types = new Set(added.map(({ type }) => type));
    const conditions = [...before.filter((one) => !types.has(at(one, 'type'))), ...added];
    const { name, namespace } = object.metadata;
    const request = {
      ...{ group, version, plural: kind.plural, name },
      body: { ...object, status: { ...status, ...fields, conditions } },
    };
    if (namespace === undefined) await custom.replaceClusterCustomObjectStatus(request);
    else await custom.replaceNamespacedCustomObjectStatus({ ...request, namespace });
  };

  /** The object, or undefined when there is none. */
  const read = async (kind: Kind, ref: ObjectRef): Promise<KubeObject | undefined> => {
    try {
      return asObject(await patiently(() => objects.read(header(kind, ref))));
    } catch (error) {
      if (isStatus(error, GONE)) return undefined;
      throw error;
    }
  };

  /** All objects of a kind; none when the kind is not served. */
  const list = async ({ apiVersion, kind }: Kind): Promise<KubeObject[]> => {
    try {
      const { items } = await patiently(() => objects.list(apiVersion, kind));
      return items.map((item) => asObject({ apiVersion, kind, ...item }));
    } catch (error) {
      if (isStatus(error, GONE)) return [];
      throw error;
    }
  };

  /** Deletes an object; that it is gone already is no error. */
  const remove = async (kind: Kind, ref: ObjectRef): Promise<void> => {
    try {
      await objects.delete(header(kind, ref));
    } catch (error) {
      if (!isStatus(error, GONE)) throw error;
    }
  };

  /** Keeps what there is of a kind, from now until it is stopped or the process ends. */
  const follow = async (kind: Kind): Promise<Followed> => {
    const known = new Map<string, KubeObject>();
    const listeners = new Set<(object: KubeObject, phase: string) => void>();
    let stopped = false;
    let abort: AbortController | undefined;
    const note = (phase: string, object: KubeObject) => {
      const key = keyOf(object.metadata);
      if (phase === 'DELETED') known.delete(key);
      else known.set(key, object);
      for (const listener of listeners) listener(object, phase);
    };
    const relist = async () => {
      const there = new Map((await list(kind)).map((object) => [keyOf(object.metadata), object]));
      for (const [key, object] of known) if (!there.has(key)) note('DELETED', object);
      for (const [key, object] of there) {
        const before = known.get(key);
        if (before?.metadata['resourceVersion'] !== object.metadata['resourceVersion']) note('ADDED', object);
      }
    };
    const once = () =>
      new Promise<void>((resolve) => {
        const onEvent = (phase: string, object: unknown) => {
          if (isKubeObject(object) && ['ADDED', 'MODIFIED', 'DELETED'].includes(phase)) note(phase, object);
        };
        watch
          .watch(pathOf(kind), {}, onEvent, () => resolve())
          .then(
            (controller) => {
              abort = controller;
              if (stopped) controller.abort();
            },
            () => resolve(),
          );
      });
    const loop = async () => {
      while (!stopped) {
        await once();
        if (stopped) return;
        // The API server may be on its way up or down; what was missed in between is listed again.
        await delay(200);
        await relist().catch(() => undefined);
      }
    };
    await relist();
    void loop();
    return {
      all: () => [...known.values()],
      get: (ref) => known.get(keyOf(ref)),
      onChange: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      stop: () => {
        stopped = true;
        abort?.abort();
      },
    };
  };

  /** For what the client library cannot do: definitions as they are, thousands of objects, the server's metrics. */
  const send = plainRequests(config);

  return { kubeconfig, apply, merge, setStatus, read, list, remove, follow, send };
}

/**
 * Waits until a followed kind satisfies a condition, looking at each change.
 *
 * @param holds - what to wait for; its value is the result once it is not undefined.
 * @param otherwise - says what is the matter when the time is over.
 * @throws with it.
 */
export function until<T>(
  followed: readonly Followed[],
  holds: () => T | undefined,
  timeoutMs: number,
  otherwise: () => string,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const offs: (() => void)[] = [];
    const end = (finish: () => void) => {
      clearTimeout(timer);
      for (const off of offs) off();
      finish();
    };
    const look = () => {
      try {
        const value = holds();
        if (value !== undefined) end(() => resolve(value));
      } catch (error) {
        end(() => reject(error));
      }
    };
    const timer = setTimeout(
      () => end(() => reject(new Error(`after ${timeoutMs / 1000} s: ${otherwise()}`))),
      timeoutMs,
    );
    offs.push(...followed.map((one) => one.onChange(look)));
    look();
  });
}
