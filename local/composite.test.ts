import { fromCompose, type RunFunctionRequest } from '@crossplane-org/function-sdk-typescript';
import { describe, expect, it } from 'vitest';
import { CATALOGUE, claimOf, made } from '../function/render.ts';
import { createCompose } from '../function/src/compose.ts';
import { at, isObject } from '../function/src/objects.ts';
import { type Progress, untilReady } from './composite.ts';
import type { Condition, Manifest } from './manifest.ts';
import type { Reconciler } from './reconciler.ts';

const condition = (type: Condition['type'], error: string | undefined): Condition => ({
  type,
  status: error ? 'False' : 'True',
  reason: error ? 'ReconcileError' : 'ReconcileSuccess',
  lastTransitionTime: '2026-01-01T00:00:00Z',
  ...(error && { message: error }),
});

/** A provider that creates everything immediately, except for kinds that fail with a message. */
function provider(failing: Record<string, string> = {}) {
  let store = new Map<string, Manifest>();
  let applied = 0;
  const observe = (key: string, manifest: Manifest): Manifest => {
    const error = failing[manifest.kind];
    const atProvider = at(made(key, { ...manifest }), 'status', 'atProvider');
    const conditions = [condition('Synced', error), condition('Ready', error)];
    return { ...manifest, status: { conditions, ...(!error && isObject(atProvider) && { atProvider }) } };
  };
  const reconciler: Reconciler = {
    apply: (desired) => {
      applied += 1;
      store = new Map([...desired].map(([key, manifest]) => [key, observe(key, manifest)]));
    },
    reconcile: async () => undefined,
    observed: () => store,
    deleteAll: async () => undefined,
  };
  return { reconciler, applied: () => applied };
}

const handler = fromCompose(createCompose(CATALOGUE));
const server = { run: (request: RunFunctionRequest) => handler.RunFunction(request) };
const claim = claimOf({ region: 'eu-west-1', workflow: { type: 'RecordFile' } });

describe('untilReady', () => {
  it('returns the ready claim with its status', async () => {
    const { reconciler } = provider();
    const composite = await untilReady({ claim, server, reconciler });
    expect(at(composite, 'status', 'bucket')).toBe('team-a-invoices-files-0f1e2d3c');
    expect(at(composite, 'status', 'waitingFor')).toEqual([]);
  });

  it('tells the error of a failing resource, in the progress and when the time is over', async () => {
    const { reconciler } = provider({ Permission: 'AccessDenied: not yours' });
    const seen: Progress[] = [];
    await expect(
      untilReady({
        claim,
        server,
        reconciler,
        timeoutMs: 300,
        onProgress: (progress) => seen.push(progress),
      }),
    ).rejects.toThrow('Permission start-workflow-permission: AccessDenied: not yours');
    expect(seen.at(-1)?.resources.find(({ kind }) => kind === 'Permission')?.message).toBe(
      'AccessDenied: not yours',
    );
  });

  it('applies nothing when the claim is refused', async () => {
    const { reconciler, applied } = provider();
    const wrong = claimOf({ region: 'nowhere', workflow: { type: 'RecordFile' } });
    await expect(untilReady({ claim: wrong, server, reconciler })).rejects.toThrow(
      'the claim was refused: spec.region: Invalid value: "nowhere"',
    );
    expect(applied()).toBe(0);
  });
});
