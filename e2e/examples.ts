/** The examples, as scenarios go through them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { exampleClaims } from '../function/examples.ts';
import { at } from '../function/src/objects.ts';
import type { KubeObject } from '../tools/cluster.ts';
import type { Stage } from './stage.ts';

/** Where `make run` has its files, too. */
export const EXAMPLES = join(import.meta.dirname, '../examples');
const SMALLEST = 'examples/claim.yaml';

export interface Example {
  /** As `kubectl apply -f` is given it. */
  readonly path: string;
  readonly claim: KubeObject;
}

/** Why the emulator cannot run an example; undefined when it can. */
function lackOf(stage: Stage, { claim }: Example): string | undefined {
  return at(claim, 'spec', 'source', 'upload') === undefined ? undefined : stage.lacks.httpApi;
}

/** The examples to look at that the emulator can run, and a line for each that it cannot. */
export function examplesFor(stage: Stage): { runnable: Example[]; skipped: string[] } {
  const all = examples(stage.examples);
  return {
    runnable: all.filter((example) => lackOf(stage, example) === undefined),
    skipped: all.flatMap((example) => {
      const why = lackOf(stage, example);
      return why === undefined ? [] : [`${example.path}: skipped, since ${why}`];
    }),
  };
}

/** Every example whose path has one of these beginnings, the smallest first. */
export function examples(starts: readonly string[] = []): Example[] {
  const wanted = exampleClaims().filter(
    (path) => starts.length === 0 || starts.some((start) => path.startsWith(start)),
  );
  const all = wanted.map((path) => ({
    path: `examples/${path}`,
    claim: parse(readFileSync(join(EXAMPLES, path), 'utf8')),
  }));
  return all.sort((a, b) => Number(b.path === SMALLEST) - Number(a.path === SMALLEST));
}
