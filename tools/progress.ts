/** Progress of something long: one line that rewrites itself on a terminal, a line now and then elsewhere. */

/** What a terminal is, as far as it matters here. */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const ELSEWHERE_MS = 30_000;
const TERMINAL_MS = 200;

/** `8 s`, `2 min 05 s`, `1 h 02 min`. */
export function elapsed(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${two(Math.floor((seconds % 3600) / 60))} min`;
}

/**
 * Shows what `line` gives until the returned function is called, which leaves the terminal's line empty.
 *
 * @param say - told every 30 s where there is no terminal.
 */
export function showProgress(
  line: () => string,
  say: (line: string) => void,
  terminal: Terminal = process.stderr,
): () => void {
  if (!terminal.isTTY) {
    const timer = setInterval(() => say(line()), ELSEWHERE_MS);
    return () => clearInterval(timer);
  }
  const width = (terminal.columns ?? 80) - 1;
  const rewrite = (text: string) => terminal.write(`\r\u001b[2K${text.slice(0, width)}`);
  const timer = setInterval(() => rewrite(line()), TERMINAL_MS);
  return () => {
    clearInterval(timer);
    rewrite('');
  };
}
