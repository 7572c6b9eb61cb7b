/** What the end-to-end runs tell a terminal while they run. */
import { dim } from '../local/report.ts';

/** What a shell says of a program that Ctrl-C ended. */
export const INTERRUPTED = 130;

const start = performance.now();

/** Prints a line with the seconds since the run began. */
export function say(line: string): void {
  const seconds = `${((performance.now() - start) / 1000).toFixed(0)} s`.padStart(7);
  console.log(`${dim(seconds)}  ${line}`);
}
