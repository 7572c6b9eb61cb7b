/** A whole pipeline on an emulator of its own: what tests and benchmarks start from. */
import { paginateListExecutions } from '@aws-sdk/client-sfn';
import { at, type Json, stringAt } from '../function/src/objects.ts';
import { withDefaults } from '../function/src/spec.ts';
import { type Clients, createClients } from './aws.ts';
import { untilReady, withUid } from './composite.ts';
import { type EmulatorOptions, startEmulator } from './emulator.ts';
import { type FunctionServer, startFunction } from './functionServer.ts';
import { createReconciler, type Reconciler } from './reconciler.ts';

export interface Pipeline {
  clients: Clients;
  server: FunctionServer;
  reconciler: Reconciler;
  /** The ready claim with its status. */
  composite: Json;
  bucket: string;
  table: string;
  partitionKey: string;
  functionName: string;
  /** Undefined for Direct. */
  stateMachine: string | undefined;
  deadLetterQueue: string;
  stop(): Promise<void>;
}

function required(value: string | undefined, what: string): string {
  if (value === undefined) throw new Error(`the claim is ready, but its status lacks ${what}`);
  return value;
}

/**
 * What a ready claim made, from its status.
 *
 * @throws naming what the status lacks.
 */
export function partsOf(composite: Json) {
  const { status } = composite;
  const functions = at(status, 'functions');
  const first: unknown = Array.isArray(functions) ? functions[0] : undefined;
  return {
    bucket: required(stringAt(status, 'bucket'), 'bucket'),
    table: required(stringAt(status, 'table'), 'table'),
    partitionKey: required(
      stringAt(withDefaults(composite['spec']), 'table', 'partitionKey'),
      'partitionKey',
    ),
    functionName: required(stringAt(first, 'name'), 'functions'),
    stateMachine: stringAt(status, 'stateMachine'),
    deadLetterQueue: required(stringAt(status, 'deadLetterQueue'), 'deadLetterQueue'),
  };
}

/**
 * Starts what a claim is made ready with: an emulator, unless one is named, and the function's server.
 *
 * @param endpoint - of an emulator that already runs; it is left running.
 */
export async function startStage(region: string, options: EmulatorOptions = {}, endpoint?: string) {
  const emulator = endpoint === undefined ? await startEmulator({ region, ...options }) : undefined;
  try {
    const server = await startFunction();
    const clients = createClients(emulator ?? { endpoint: endpoint ?? '', region });
    const stop = async () => {
      clients.close();
      await server.stop();
      await emulator?.stop();
    };
    return { clients, server, reconciler: createReconciler({ clients }), stop };
  } catch (error) {
    await emulator?.stop();
    throw error;
  }
}

/** Makes a claim ready on a stage of its own. `stop` ends all of it. */
export async function startPipeline(claim: Json, options: EmulatorOptions = {}): Promise<Pipeline> {
  const region = required(stringAt(claim, 'spec', 'region'), 'spec.region');
  const stage = await startStage(region, options);
  try {
    const composite = await untilReady({ claim: withUid(claim), ...stage });
    return { ...stage, composite, ...partsOf(composite) };
  } catch (error) {
    await stage.stop();
    throw error;
  }
}

/** Names of all executions of a pipeline's state machine; none without one. */
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
