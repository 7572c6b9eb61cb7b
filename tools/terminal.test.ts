import { describe, expect, it } from 'vitest';
import { printable, table, width } from './terminal.ts';

describe('table', () => {
  it('aligns characters that take two columns, and numbers to the right', () => {
    const rows = [
      ['東京 🚚', 5],
      ['a', 10],
    ];
    expect(table(['key', 'size'], rows)).toBe(['key      size', '東京 🚚     5', 'a          10'].join('\n'));
  });

  it('shows control characters instead of sending them to the terminal', () => {
    expect(printable('red \u001b[31m\n')).toBe('red \\u001b[31m\\n');
  });

  it('counts a combined character once', () => {
    expect(width('e\u0301')).toBe(1);
  });
});
