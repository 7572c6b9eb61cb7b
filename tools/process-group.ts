/** Process groups: what a child starts ends with the child, and the child with us. */

/** Signals a process and all that it started; the signal 0 does nothing to them. False when none of them is left. */
export function killGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** What is to be ended, whoever asked for it: one listener serves all, however many there are. */
const ends = new Set<() => void>();

function endAll(): void {
  for (const end of ends) end();
  ends.clear();
}

function onSignal(signal: NodeJS.Signals): void {
  endAll();
  unlisten();
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}

function listen(): void {
  process.on('exit', endAll);
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}

function unlisten(): void {
  process.off('exit', endAll);
  process.off('SIGINT', onSignal);
  process.off('SIGTERM', onSignal);
}

/** Ends the group should this process end first, by itself or by a signal; returns how to call that off. */
export function endWithThisProcess(end: () => void): () => void {
  if (ends.size === 0) listen();
  ends.add(end);
  return () => {
    if (ends.delete(end) && ends.size === 0) unlisten();
  };
}
