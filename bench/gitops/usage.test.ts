import { expect, it } from 'vitest';
import { cpuOf, generationTimes, memoryOf, sumOf, usageOf } from './usage.ts';

it('CPU is that of the process and of its ended children, whatever its name', () => {
  const stat = '42 (a) b) S 1 42 42 0 -1 4194560 100 200 0 0 150 50 30 20 20 0 9 0 12345';
  expect(cpuOf(stat)).toBe(2.5);
});

it('memory is in megabytes of a million bytes', () => {
  expect(memoryOf('VmHWM:\t  2000 kB\nVmRSS:\t    1000 kB\n', 'VmRSS')).toBe(1.024);
});

it('the sum is over all labels, and of that metric alone', () => {
  const metrics = [
    '# HELP requests_total 99',
    'requests_total{code="200",method="GET"} 3',
    'requests_total{code="201",method="PATCH"} 1e+02',
    'requests_total_more{code="200"} 7',
  ].join('\n');
  expect(sumOf(metrics, 'requests_total')).toBe(103);
});

it('the times of manifests are read from the log of the repository server', () => {
  const log = [
    '{"grpc.method":"GenerateManifest","grpc.time_ms":"12.5","msg":"finished call"}',
    '{"grpc.method":"ResolveRevision","grpc.time_ms":"3","msg":"finished call"}',
    '{"grpc.method":"GenerateManifest","grpc.time_ms":"0.01","msg":"started call"}',
    '{"grpc.method":"GenerateManifest","grpc.time_ms":480,"msg":"finished call"}',
  ].join('\n');
  expect(generationTimes(log)).toEqual([12.5, 480]);
});

it.skipIf(process.platform !== 'linux')('[Linux only: /proc] a process is looked at by its id', () => {
  const { rssMB, peakMB } = usageOf(process.pid);
  expect(rssMB).toBeGreaterThan(0);
  expect(peakMB).toBeGreaterThanOrEqual(rssMB);
});
