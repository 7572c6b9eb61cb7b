/** Function servers as processes of their own, spoken to in bytes so that the client's share of the time is small. */
import { existsSync } from 'node:fs';
import { startFunction } from '../local/function-server.ts';
import { runCommand } from '../tools/command.ts';
import { usageOf } from './gitops/usage.ts';

export interface Server {
  /** Runs the function: an encoded RunFunctionRequest in, an encoded RunFunctionResponse out. */
  run(request: Buffer): Promise<Buffer>;
  /** Resident memory in MB (10^6 bytes). */
  residentMB(): Promise<number>;
  stop(): Promise<void>;
}

/** Linux has it in /proc; elsewhere `ps` says it. */
async function residentMB(pid: number): Promise<number> {
  if (existsSync(`/proc/${pid}`)) return usageOf(pid).rssMB;
  const kilobytes = await runCommand('ps', ['-o', 'rss=', '-p', String(pid)]);
  return (Number(kilobytes) * 1024) / 1e6;
}

/**
 * Starts a server on a free port of loopback.
 *
 * @param script - a bundle that takes the SDK's flags after `args`.
 * @throws with the server's own output when it does not come up.
 */
export async function startServer(script: string, args: readonly string[] = []): Promise<Server> {
  const { runEncoded, pid, stop } = await startFunction(script, args);
  return { run: runEncoded, residentMB: () => residentMB(pid), stop };
}
