/** Starts a whole pipeline on its own emulator, for tests and benchmarks. */
import { paginateListExecutions } from '@aws-sdk/client-sfn';
import { type Json, stringAt } from '../function/src/objects.ts';
import { type Clients, createClients } from './aws.ts';
import { untilReady, withUid } from './composite.ts';
import { type EmulatorOptions, startEmulator } from './emulator.ts';
import { startFront } from './front/front.ts';
import { type FunctionServer, startFunction } from './function-server.ts';
import { foundIn, type Parts, withParts } from './parts.ts';
import { platformFor } from './platform.ts';
import { createReconciler, type Reconciler } from './reconciler.ts';

export interface Pipeline extends Parts {
  readonly clients: Clients;
  readonly server: FunctionServer;
  readonly reconciler: Reconciler;
  /** The ready claim with its status. */
  readonly composite: Json;
  stop(): Promise<void>;
}

/**
 * Starts what a claim needs to become ready: the function's server and an emulator.
 *
 * @param endpoint - the URL of an emulator that already runs; it gets a front and keeps running
 */
export async function startStage(region: string, options: EmulatorOptions = {}, endpoint?: string) {
  const emulator =
    endpoint === undefined
      ? await startEmulator({ region, ...options })
      : await startFront({ target: endpoint });
  try {
    const server = await startFunction();
    const clients = createClients({ ...emulator, region });
    const stop = async () => {
      clients.close();
      await server.stop();
      await emulator.stop();
    };
    return { clients, server, reconciler: createReconciler({ clients }), stop };
  } catch (error) {
    await emulator.stop();
    throw error;
  }
}

/** Makes a claim ready on its own stage. `stop` ends everything. */
export async function startPipeline(claim: Json, options: EmulatorOptions = {}): Promise<Pipeline> {
  const region = stringAt(claim, 'spec', 'region');
  if (region === undefined) throw new Error('the claim has no spec.region');
  const stage = await startStage(region, options);
  try {
    const environment = await platformFor(claim, stage.clients);
    const composite = await untilReady({ claim: withUid(claim), ...stage, environment });
    return withParts({ ...stage, composite }, composite, foundIn(composite));
  } catch (error) {
    await stage.stop();
    throw error;
  }
}

/** The names of all executions of a pipeline's state machine. Empty when it has no state machine. */
export async function executionNames({ clients, stateMachine }: Pipeline): Promise<string[]> {
  const names: string[] = [];
  if (!stateMachine) return names;
  for await (const page of paginateListExecutions(
    { client: clients.sfn },
    { stateMachineArn: stateMachine },
  )) {
    names.push(...(page.executions ?? []).map(({ name }) => name ?? ''));
  }
  return names;
}
