/** Process groups: what a child starts ends with the child, and the child with us. */

/** Signals a process and all that it started. False when none of them is left. */
export function killGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Is any process of the group left? */
export function groupLives(pid: number): boolean {
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Ends the group should this process end first, by itself or by a signal; returns how to call that off. */
export function endWithThisProcess(end: () => void): () => void {
  const onSignal = (signal: NodeJS.Signals): void => {
    end();
    callOff();
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  const callOff = (): void => {
    process.off('exit', end);
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };
  process.on('exit', end);
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return callOff;
}
