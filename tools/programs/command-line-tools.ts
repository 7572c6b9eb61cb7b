/** The command-line tools that the kind substrate drives. */
import { ensureBinaries } from './binaries.ts';
import type { Say } from './go.ts';

/** Absolute path of each. */
export type Tools = Readonly<Record<'kind' | 'helm' | 'crossplane' | 'kubectl', string>>;

let ensured: Promise<Tools> | undefined;

/** Finds or builds them, once in a process; see `ensureBinaries`. */
export function ensureTools(say: Say): Promise<Tools> {
  ensured ??= findTools(say);
  return ensured;
}

async function findTools(say: Say): Promise<Tools> {
  const found = await ensureBinaries(['kind', 'helm-4', 'crossplane-cli', 'kubectl'], say);
  const { kind, 'helm-4': helm, 'crossplane-cli': crossplane, kubectl } = found;
  return { kind, helm, crossplane, kubectl };
}
