import { describe, expect, it } from 'vitest';
import { readTree } from './tree.ts';

const claim = { group: 'fileingest.dev', kind: 'FileIngestPipeline', namespace: 'fileingest-dev' };
const managed = { group: 's3.aws.m.upbound.io', kind: 'Bucket', namespace: 'fileingest-dev' };
const healthy = { status: 'Healthy', message: 'All parts are ready' };
const application = (resources: object[], results: object[] = []) => ({
  metadata: { name: 'fileingest-dev' },
  status: {
    health: { status: 'Degraded' },
    sync: { status: 'OutOfSync' },
    resources,
    operationState: { syncResult: { resources: results } },
  },
});

describe('what Argo CD says, as a tree', () => {
  it('hangs what is made below what it is made from, and the rest below the Application, in the order of waves', () => {
    const nodes = [
      { ...managed, name: 'b-1', health: healthy, parentRefs: [{ ...claim, name: 'b' }] },
      { ...claim, name: 'b', health: healthy },
      { ...claim, name: 'a', health: healthy },
      { kind: 'Namespace', name: 'fileingest-dev' },
    ];
    const inGit = [
      { ...claim, name: 'b', status: 'Synced' },
      { ...claim, name: 'a', status: 'OutOfSync' },
      { kind: 'Namespace', name: 'fileingest-dev', status: 'Synced', syncWave: -1 },
    ];
    const { children, ...root } = readTree(application(inGit), { nodes });
    expect(root).toEqual({
      kind: 'Application',
      name: 'fileingest-dev',
      health: 'Degraded',
      sync: 'OutOfSync',
    });
    expect(children).toEqual([
      { kind: 'Namespace', name: 'fileingest-dev', sync: 'Synced', wave: -1, children: [] },
      {
        kind: 'FileIngestPipeline',
        name: 'a',
        health: 'Healthy',
        sync: 'OutOfSync',
        wave: 0,
        children: [],
      },
      {
        kind: 'FileIngestPipeline',
        name: 'b',
        health: 'Healthy',
        sync: 'Synced',
        wave: 0,
        // Not in git: neither sync nor wave.
        children: [{ kind: 'Bucket', name: 'b-1', health: 'Healthy', children: [] }],
      },
    ]);
  });

  it('gives the reason where something is not well, and none where it is', () => {
    const nodes = [
      {
        ...claim,
        name: 'bad',
        health: { status: 'Degraded', message: '"Nowhere": is not the name of a state' },
      },
      { ...claim, name: 'good', health: healthy },
    ];
    const { children } = readTree(application([]), { nodes });
    expect(children.map(({ name, reason }) => [name, reason])).toEqual([
      ['bad', '"Nowhere": is not the name of a state'],
      ['good', undefined],
    ]);
  });

  it('has what the API server refused, of which there is no object, with what it said', () => {
    const inGit = [{ ...claim, name: 'refused', status: 'OutOfSync' }];
    const results = [{ ...claim, name: 'refused', status: 'SyncFailed', message: 'Remove workflow.name.' }];
    const nodes = [{ ...claim, name: 'refused', health: { status: 'Missing' } }];
    const { children } = readTree(application(inGit, results), { nodes });
    expect(children).toEqual([
      {
        kind: 'FileIngestPipeline',
        name: 'refused',
        health: 'Missing',
        sync: 'OutOfSync',
        wave: 0,
        reason: 'Remove workflow.name.',
        children: [],
      },
    ]);
  });

  it('takes no other answer for a tree', () => {
    expect(() => readTree({ error: 'not found' }, { nodes: [] })).toThrow('metadata.name is missing');
    expect(() => readTree(application([]), { error: 'x' })).toThrow('no tree of fileingest-dev');
  });
});
