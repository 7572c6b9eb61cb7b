/** What the processes of a run use, from Linux's /proc, from their metrics and from their logs. */
import { readFileSync } from 'node:fs';
import { HOST } from '../../tools/ports.ts';

/** Clock ticks a second in /proc: `getconf CLK_TCK` is 100 on every current Linux. */
const TICKS = 100;
const KIB = 1024;

export interface Usage {
  /** Of the process and of those that it started and that have ended, such as kustomize. */
  readonly cpuSeconds: number;
  /** Resident now, and the most so far. */
  readonly rssMB: number;
  readonly peakMB: number;
}

/** Fields of `/proc/<pid>/stat` from the state on. The name before it may hold blanks and brackets. */
const fieldsOf = (stat: string) => stat.slice(stat.lastIndexOf(')') + 2).split(' ');

/** Seconds of CPU in `/proc/<pid>/stat`: utime, stime, cutime and cstime. */
export const cpuOf = (stat: string): number =>
  fieldsOf(stat)
    .slice(11, 15)
    .reduce((sum, field) => sum + Number(field), 0) / TICKS;

/** Megabytes of a line of `/proc/<pid>/status`, such as VmRSS. */
export function memoryOf(status: string, line: string): number {
  const kib = new RegExp(`^${line}:\\s+(\\d+) kB`, 'm').exec(status)?.[1];
  return (Number(kib ?? 0) * KIB) / 1e6;
}

const proc = (pid: number, file: string) => readFileSync(`/proc/${pid}/${file}`, 'utf8');

/** @throws when the process has ended. */
export function usageOf(pid: number): Usage {
  const status = proc(pid, 'status');
  return {
    cpuSeconds: cpuOf(proc(pid, 'stat')),
    rssMB: memoryOf(status, 'VmRSS'),
    peakMB: memoryOf(status, 'VmHWM'),
  };
}

/** The sum of a Prometheus metric over all its labels. */
export function sumOf(metrics: string, name: string): number {
  return metrics
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

/** The metrics of one of Argo CD's processes, at the port that its arguments name. */
export async function metricsOf(pid: number): Promise<string> {
  const args = proc(pid, 'cmdline').split('\0');
  const port = args[args.indexOf('--metrics-port') + 1];
  return (await fetch(`http://${HOST}:${port}/metrics`)).text();
}

/**
 * How long the repository server took for each set of manifests, in milliseconds, from its log. Answers from its cache are included.
 */
export function generationTimes(log: string): number[] {
  return log
    .split('\n')
    .filter((line) => line.includes('"grpc.method":"GenerateManifest"') && line.includes('finished call'))
    .map((line) => Number(/"grpc\.time_ms":"?([0-9.]+)/.exec(line)?.[1]))
    .filter((time) => !Number.isNaN(time));
}
