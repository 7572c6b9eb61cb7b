import { cpus, loadavg, totalmem } from 'node:os';

/** The computer that a run is on, now. */
export const computer = () => ({
  node: process.version,
  platform: `${process.platform}-${process.arch}`,
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryMB: Math.round(totalmem() / 1e6),
  loadAverage: loadavg(),
  date: new Date().toISOString(),
});
