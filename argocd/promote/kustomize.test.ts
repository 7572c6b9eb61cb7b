import { expect, it } from 'vitest';
import { findKustomize, identity } from './kustomize.ts';

/** A machine with these programs, by their output. */
function machine(printed: Record<string, string>) {
  const built: string[] = [];
  return {
    built,
    ask: async (command: string) => printed[command],
    build: async <N extends string>(names: readonly N[]) => {
      built.push(...names);
      return Object.assign(Object.create(null), ...names.map((name) => ({ [name]: `/cache/${name}` })));
    },
  };
}
const KUBECTL = 'Client Version: v1.32.4\nKustomize Version: v5.5.0\n';

it.each([
  ['the one on the PATH', { kustomize: 'v5.8.1\n', kubectl: KUBECTL }, ['kustomize', 'build']],
  ['the one in kubectl', { kubectl: KUBECTL }, ['kubectl', 'kustomize']],
  [
    'the one in kubectl, where the other is old',
    { kustomize: 'v4.5.7\n', kubectl: KUBECTL },
    ['kubectl', 'kustomize'],
  ],
])('takes %s', async (_, printed, command) => {
  const on = machine(printed);
  expect(await findKustomize(on)).toEqual(command);
  expect(on.built).toEqual([]);
});

it.each([
  ['there is none', {}],
  ['both are old', { kustomize: 'v3.9.1', kubectl: 'Client Version: v1.26.0\nKustomize Version: v4.5.7\n' }],
  ['kubectl does not tell', { kubectl: 'Client Version: v5.0.0\n' }],
])('builds the pinned one where %s', async (_, printed) => {
  const on = machine(printed);
  expect(await findKustomize(on)).toEqual(['/cache/kustomize', 'build']);
  expect(on.built).toEqual(['kustomize']);
});

it('tells objects apart by kind, namespace and name', () => {
  expect(identity({ kind: 'FileIngestPipeline', metadata: { namespace: 'a', name: 'b' } })).toBe(
    'FileIngestPipeline/a/b',
  );
  expect(identity({ kind: 'Namespace', metadata: { name: 'b' } })).toBe('Namespace/b');
});
