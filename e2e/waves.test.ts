import { expect, it } from 'vitest';
import { describeWaves, seconds, wavesOf } from './waves.ts';

const seen = (key: string, createdMs: number, readyMs?: number) => ({
  key,
  kind: 'Kind',
  createdMs,
  readyMs,
});

it('what appears together is a wave, however long the wave is', () => {
  const waves = wavesOf([
    seen('b', 600, 900),
    seen('a', 0, 5000),
    seen('c', 1200, 2000),
    seen('d', 4000, 4100),
  ]);
  expect(waves.map(({ fromMs, toMs, resources }) => [fromMs, toMs, resources.map(({ key }) => key)])).toEqual(
    [
      [0, 5000, ['a', 'b', 'c']],
      [4000, 4100, ['d']],
    ],
  );
});

it('a wave of which something is never ready has no end, and names it', () => {
  const waves = wavesOf([seen('a', 0, 100), seen('b', 10)]);
  expect(waves[0]?.toMs).toBeUndefined();
  expect(describeWaves(waves)).toEqual(['wave 1: 2 resources from 0.0 s, ready never (last: b)']);
});

it('seconds have one decimal', () => {
  expect([seconds(61_749), seconds(undefined)]).toEqual(['61.7 s', 'never']);
});
