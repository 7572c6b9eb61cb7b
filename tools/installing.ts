/** Says that something is being installed: a line that moves on a terminal, a line at the start and one at the end elsewhere. */

/** Where it is said; process.stdout is one. */
export interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export interface Installing {
  /** So many of its packages are there. */
  step(done: number, all: number): void;
  /** It is installed. */
  done(): void;
  /** It could not be: the line is ended, and the error says why. */
  failed(): void;
}

const TICK_MS = 200;

/**
 * Begins to say so.
 *
 * @param what - such as `the AWS emulator`.
 */
export function sayInstalling(what: string, screen: Screen = process.stdout): Installing {
  const start = performance.now();
  const seconds = () => `${((performance.now() - start) / 1000).toFixed(0)} s`;
  const title = `Installing ${what}, once`;
  let packages = '';
  const line = () => `${title}: ${packages}${seconds()}`.slice(0, (screen.columns || 80) - 1);
  const show = () => screen.write(`\r${line()}\x1b[K`);
  if (!screen.isTTY) {
    screen.write(`${title}\n`);
    return {
      step: () => undefined,
      done: () => screen.write(`Installed ${what} in ${seconds()}\n`),
      failed: () => undefined,
    };
  }
  show();
  const ticking = setInterval(show, TICK_MS);
  return {
    step(done, all) {
      packages = `${done} of ${all} packages, `;
      show();
    },
    done() {
      clearInterval(ticking);
      screen.write(`\r\x1b[KInstalled ${what} in ${seconds()}\n`);
    },
    failed() {
      clearInterval(ticking);
      screen.write('\n');
    },
  };
}
