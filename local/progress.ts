/** Shows a claim's managed resources while they are created: a live list on a terminal, plain lines elsewhere. */
import { dim, green, isTerminal, printable, since } from '../tools/terminal.ts';
import type { Progress } from './composite.ts';

/** A message that disappears within this time is not an error: the resource waits for another one. */
const PASSING_MS = 2000;

/** Returns a function that shows progress. On a terminal, each call replaces the list. Elsewhere it adds lines. */
export function progressList(): (progress: Progress) => void {
  const start = performance.now();
  const shown = new Map<string, string>();
  const failingSince = new Map<string, number>();
  let lines = 0;
  const state = ({ key, message, ready }: Progress['resources'][number]) => {
    if (message === undefined) {
      failingSince.delete(key);
      return ready ? 'ready' : 'creating';
    }
    const first = failingSince.get(key) ?? performance.now();
    failingSince.set(key, first);
    return performance.now() - first > PASSING_MS ? message : 'creating';
  };
  const plain = ({ resources }: Progress) => {
    for (const resource of resources) {
      const now = state(resource);
      if (now === 'creating' || shown.get(resource.key) === now) continue;
      shown.set(resource.key, now);
      console.log(`  ${since(start).padStart(7)}  ${resource.kind} ${resource.key}: ${now}`);
    }
  };
  const live = ({ resources, waitingFor }: Progress) => {
    const columns = process.stdout.columns || 80;
    const list = [
      ...resources.map((resource) => {
        const now = state(resource);
        const text = printable(`${resource.key} (${resource.kind})${now === 'ready' ? '' : `: ${now}`}`);
        return `  ${now === 'ready' ? green('✓') : '·'} ${text.slice(0, columns - 5)}`;
      }),
      ...waitingFor.map((text) => dim(`  … ${text.slice(0, columns - 5)}`)),
    ];
    process.stdout.write(`${lines > 0 ? `\x1b[${lines}A\x1b[J` : ''}${list.join('\n')}\n`);
    lines = list.length;
  };
  return isTerminal ? live : plain;
}
