/** Does the work of Crossplane: render, apply and observe, until the composite resource is ready. */
import { randomUUID } from 'node:crypto';
import {
  fromObject,
  Ready,
  type Resource,
  RunFunctionRequest,
  type RunFunctionResponse,
  Severity,
  Status,
} from '@crossplane-org/function-sdk-typescript';
import { at, isObject, type Json, stringAt } from '../function/src/objects.ts';
import type { FunctionServer } from './function-server.ts';
import type { Manifest } from './manifest.ts';
import { asManifest, type Reconciler } from './reconciler.ts';

export interface Progress {
  /** All composed resources emitted so far, with their keys. */
  readonly resources: { key: string; kind: string; ready: boolean; message: string | undefined }[];
  readonly waitingFor: string[];
}

export interface CompositeOptions {
  readonly claim: Json;
  readonly server: Pick<FunctionServer, 'run'>;
  readonly reconciler: Reconciler;
  /** The EnvironmentConfig with the platform's defaults. */
  readonly environment?: Json | undefined;
  readonly timeoutMs?: number;
  readonly onProgress?: (progress: Progress) => void;
}

/** The pause between two passes when nothing has changed. The emulator creates resources in milliseconds. */
const PASS_MS = 50;

/** The claim as the API server would store it: with a uid, which generated names contain. */
export function withUid(claim: Json, uid: string = randomUUID()): Json {
  const metadata = isObject(claim['metadata']) ? claim['metadata'] : {};
  return { ...claim, metadata: { ...metadata, uid } };
}

function request(
  composite: Json,
  observed: Map<string, Manifest>,
  environment: Json | undefined,
): RunFunctionRequest {
  const resources: Record<string, Resource> = {};
  for (const [key, manifest] of observed) resources[key] = fromObject({ ...manifest });
  return RunFunctionRequest.fromPartial({
    meta: { tag: 'local' },
    observed: { composite: fromObject(composite), resources },
    requiredResources: { platform: { items: environment ? [fromObject(environment)] : [] } },
  });
}

function conditionsOf(response: RunFunctionResponse): Json[] {
  return response.conditions.map(({ type, status, reason, message }) => ({
    type,
    status: status === Status.STATUS_CONDITION_TRUE ? 'True' : 'False',
    reason,
    ...(message && { message }),
  }));
}

/**
 * Reconciles the composite resource once: runs the function and applies its composed resources.
 *
 * @returns the composite with its new status, and whether it is ready
 * @throws Error with the message of a fatal result, before anything is applied
 */
export async function reconcileOnce(
  composite: Json,
  server: Pick<FunctionServer, 'run'>,
  reconciler: Reconciler,
  environment?: Json,
) {
  const response = await server.run(request(composite, reconciler.observed(), environment));
  const fatal = response.results.find(({ severity }) => severity === Severity.SEVERITY_FATAL);
  if (fatal) throw new Error(`the claim was refused: ${fatal.message}`);
  const desired = new Map<string, Manifest>();
  for (const [key, { resource }] of Object.entries(response.desired?.resources ?? {}))
    desired.set(key, asManifest(key, resource));
  reconciler.apply(desired);
  const status = at(response.desired?.composite?.resource, 'status');
  const next: Json = {
    ...composite,
    status: { ...(isObject(status) ? status : {}), conditions: conditionsOf(response) },
  };
  return { composite: next, ready: response.desired?.composite?.ready === Ready.READY_TRUE };
}

function progressOf(composite: Json, reconciler: Reconciler): Progress {
  const waiting = at(composite, 'status', 'waitingFor');
  const resources = [...reconciler.observed()].map(([key, { kind, status }]) => {
    const condition = (type: string) => status?.conditions?.find((one) => one.type === type);
    const synced = condition('Synced');
    return {
      key,
      kind,
      ready: condition('Ready')?.status === 'True',
      message: synced?.status === 'False' ? synced.message : undefined,
    };
  });
  return { resources, waitingFor: Array.isArray(waiting) ? waiting.map(String) : [] };
}

/**
 * Reconciles until the composite is ready.
 *
 * @returns the ready composite with its status
 * @throws Error with each resource that is not ready and its error, after the timeout
 */
export async function untilReady(options: CompositeOptions): Promise<Json> {
  const { server, reconciler, environment, timeoutMs = 60_000, onProgress } = options;
  const end = Date.now() + timeoutMs;
  let composite = options.claim;
  for (;;) {
    const result = await reconcileOnce(composite, server, reconciler, environment);
    composite = result.composite;
    const progress = progressOf(composite, reconciler);
    onProgress?.(progress);
    if (result.ready) return composite;
    if (Date.now() > end) throw new Error(notReady(composite, progress, timeoutMs));
    await reconciler.reconcile();
    onProgress?.(progressOf(composite, reconciler));
    await new Promise((resolve) => setTimeout(resolve, PASS_MS));
  }
}

function notReady(composite: Json, progress: Progress, timeoutMs: number): string {
  const failing = progress.resources
    .filter(({ ready, message }) => !ready || message !== undefined)
    .map(({ key, kind, message }) => `  ${kind} ${key}: ${message ?? 'not ready'}`);
  const waiting = progress.waitingFor.map((line) => `  waiting: ${line}`);
  const name = stringAt(composite, 'metadata', 'name') ?? '';
  return [`${name} was not ready after ${timeoutMs / 1000} s:`, ...failing, ...waiting].join('\n');
}
