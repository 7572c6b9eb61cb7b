/** Promotion in a fork, by the tool that teams use. */

import { findKustomize } from '../../argocd/promote/kustomize.ts';
import { readOptions } from '../../argocd/promote/options.ts';
import { promote } from '../../argocd/promote.ts';
import type { Repository } from '../../tools/repository.ts';

/** `make promote FROM=… TO=…` in the repository's working copy. Nothing is committed. Resolves to what it printed. */
export async function carry(repository: Repository, from: string, to: string): Promise<string> {
  const said: string[] = [];
  await promote(readOptions({ FROM: from, TO: to }, []), {
    root: repository.work,
    kustomize: await findKustomize(),
    colour: false,
    say: (text) => said.push(text),
  });
  return said.join('\n');
}
