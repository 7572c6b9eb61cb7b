import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { elapsed, showProgress } from './progress.ts';

describe('progress', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([
    [999, '0 s'],
    [59_000, '59 s'],
    [125_000, '2 min 05 s'],
    [3_720_000, '1 h 02 min'],
  ])('%i ms is %s', (ms, text) => {
    expect(elapsed(ms)).toBe(text);
  });

  it('is a line every 30 s where there is no terminal', () => {
    const said: string[] = [];
    let packages = 0;
    const stop = showProgress(
      () => `${++packages} packages`,
      (line) => said.push(line),
      { write: () => expect.unreachable() },
    );
    vi.advanceTimersByTime(65_000);
    stop();
    vi.advanceTimersByTime(65_000);
    expect(said).toEqual(['1 packages', '2 packages']);
  });

  it('is one line that rewrites itself on a terminal, and is gone at the end', () => {
    const written: string[] = [];
    const terminal = { isTTY: true, columns: 8, write: (text: string) => written.push(text) };
    const stop = showProgress(
      () => '12 packages',
      () => expect.unreachable(),
      terminal,
    );
    vi.advanceTimersByTime(200);
    stop();
    expect(written).toEqual(['\r\u001b[2K12 pack', '\r\u001b[2K']);
  });
});
