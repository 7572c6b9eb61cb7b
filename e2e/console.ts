/** What the end-to-end runs tell a terminal while they run. */
import { bold, dim } from '../local/report.ts';

/** What a shell says of a program that Ctrl-C ended. */
export const INTERRUPTED = 130;

const start = performance.now();

/** A line with the seconds since the run began before it. */
export function stamped(line: string): string {
  const seconds = `${((performance.now() - start) / 1000).toFixed(0)} s`.padStart(7);
  return `${dim(seconds)}  ${line}`;
}

/** Prints a line with the seconds since the run began. */
export const say = (line: string): void => console.log(stamped(line));

/** Says how to use what KEEP=1 left up, and waits for the Ctrl-C that ends it all. */
export function untilStopped(...usage: readonly string[]): Promise<never> {
  console.log(`\n${bold('KEEP=1')}: everything stays up until you press Ctrl-C. In another terminal:`);
  for (const line of usage) console.log(`  ${line}`);
  setInterval(() => undefined, 60_000);
  return new Promise<never>(() => undefined);
}
