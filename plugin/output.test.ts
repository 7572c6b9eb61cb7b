import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { count, createOutput, printable, size, time } from './output.ts';

/** A stream that keeps what it is given. */
function sink(isTTY: boolean) {
  const written: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written.push(String(chunk));
      done();
    },
  });
  return { written, stream: Object.assign(stream, { isTTY }) };
}

describe('createOutput', () => {
  it.each([
    ['a terminal', true, {}, false, '\x1b[31mbad\x1b[0m'],
    ['a pipe', false, {}, false, 'bad'],
    ['NO_COLOR', true, { NO_COLOR: '1' }, false, 'bad'],
    ['JSON', true, {}, true, 'bad'],
  ])('colours: %s', (_what, isTTY, env, isJson, expected) => {
    expect(createOutput(sink(isTTY).stream, { isJson, env }).paint('red', 'bad')).toBe(expected);
  });

  it('writes one object a line', async () => {
    const { written, stream } = sink(false);
    const output = createOutput(stream, { isJson: true, env: {} });
    await output.object({ key: 'a\nb' });
    await output.object({ key: 'c' });
    expect(written.join('')).toBe('{"key":"a\\nb"}\n{"key":"c"}\n');
  });
});

it.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [1_500_000, '1.4 MiB'],
  [5e13, '45 TiB'],
])('size %d', (bytes, expected) => {
  expect(size(bytes)).toBe(expected);
});

it('printable leaves nothing that acts on a terminal', () => {
  expect(printable('a\x1b[31m\n東京')).toBe('a\\u001b[31m\\n東京');
});

it('time and count', () => {
  expect(time(new Date('2026-05-03T12:00:00.123Z'))).toBe('2026-05-03T12:00:00Z');
  expect([count(1, 'file'), count(2, 'file')]).toEqual(['1 file', '2 files']);
});
