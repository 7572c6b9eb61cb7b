import { expect, it } from 'vitest';
import { createPace, rateOf } from './pace.ts';

it('lets so many through in a second, and does not make up for a pause', async () => {
  let moment = 0;
  const clock = {
    now: () => moment,
    async wait(milliseconds: number) {
      moment += milliseconds;
    },
  };
  const pace = createPace(4, clock);
  const times: number[] = [];
  for (let sent = 0; sent < 6; sent += 1) {
    if (sent === 3) moment += 5000;
    await pace();
    times.push(moment);
  }
  expect(times).toEqual([0, 250, 500, 5500, 5750, 6000]);
});

it('those that wait at once have their own turns', async () => {
  const waits: number[] = [];
  const clock = {
    now: () => 0,
    async wait(milliseconds: number) {
      waits.push(milliseconds);
    },
  };
  const pace = createPace(10, clock);
  await Promise.all([pace(), pace(), pace()]);
  expect(waits).toEqual([100, 200]);
});

it('--rate', () => {
  expect(rateOf({})).toBe(10);
  expect(rateOf({ rate: '0.5' })).toBe(0.5);
  for (const rate of ['0', '-1', 'fast', '', '1001'])
    expect(() => rateOf({ rate })).toThrow(
      `--rate: Invalid value: ${JSON.stringify(rate)}: must be a number above 0 and up to 1000, such as 10 or 0.5.`,
    );
});
