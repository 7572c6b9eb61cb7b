/** Sets up a running emulator and a reconciler for tests. */
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { type Clients, createClients } from '../aws.ts';
import { type Emulator, startEmulator } from '../emulator.ts';
import type { Condition, Manifest } from '../manifest.ts';
import { createReconciler, type Reconciler } from '../reconciler.ts';
import { change, REGION } from './manifests.ts';
import { pipeline } from './pipeline.ts';

function unready(reconciler: Reconciler): string[] {
  const isReady = ({ status }: Manifest) => {
    const conditions = status?.conditions ?? [];
    return conditions.length === 2 && conditions.every((condition) => condition.status === 'True');
  };
  return [...reconciler.observed()].filter(([, manifest]) => !isReady(manifest)).map(([key]) => key);
}

/** Makes passes until everything is ready. The emulator needs half a second to activate a function. */
export async function settle(reconciler: Reconciler): Promise<void> {
  const pass = async () => {
    await reconciler.reconcile();
    return unready(reconciler);
  };
  await expect.poll(pass, { timeout: 20_000, interval: 50 }).toEqual([]);
}

export interface Stage {
  readonly emulator: Emulator;
  readonly clients: Clients;
  /** A new reconciler for each test, with the whole pipeline ready. The pipeline is deleted after the test. */
  readonly reconciler: Reconciler;
  /** Makes one pass. Returns the commands that it sent, without reads. */
  pass(): Promise<string[]>;
  condition(key: string, type: Condition['type']): Condition | undefined;
}

function started<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the stage is set by hooks: use it within a test');
  return value;
}

/** Registers the hooks that create and delete the stage for each test in a file. */
export function setStage(): Stage {
  let emulator: Emulator | undefined;
  let clients: Clients | undefined;
  let reconciler: Reconciler | undefined;
  let mutations: string[] = [];
  const onCall = (command: string): void => {
    if (!/^(Get|List|Head|Describe)/.test(command)) mutations.push(command);
  };

  beforeAll(async () => {
    emulator = await startEmulator({ region: REGION });
    clients = createClients({ ...emulator, onCall });
  });

  beforeEach(async () => {
    const current = createReconciler({ clients: started(clients) });
    reconciler = current;
    current.apply(pipeline());
    await settle(current);
    return async () => {
      current.apply(change(pipeline(), 'files', { forceDestroy: true }));
      await current.reconcile();
      await current.deleteAll();
    };
  });

  afterAll(async () => {
    clients?.close();
    await emulator?.stop();
  });

  return {
    get emulator() {
      return started(emulator);
    },
    get clients() {
      return started(clients);
    },
    get reconciler() {
      return started(reconciler);
    },
    async pass() {
      mutations = [];
      await started(reconciler).reconcile();
      return mutations.toSorted();
    },
    condition(key, type) {
      const conditions = started(reconciler).observed().get(key)?.status?.conditions;
      return conditions?.find((item) => item.type === type);
    },
  };
}
