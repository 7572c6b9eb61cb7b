/** What a command prints: lines for people, or one JSON object on each line for programs. */
import { once } from 'node:events';
import type { Writable } from 'node:stream';

export type Colour = 'red' | 'green' | 'yellow' | 'bold' | 'dim';

const CODES: Readonly<Record<Colour, number>> = { red: 31, green: 32, yellow: 33, bold: 1, dim: 2 };

export interface Output {
  readonly isJson: boolean;
  /** Colours a text where the output is a terminal. */
  paint(colour: Colour, text: string): string;
  /** Writes a line for people. Resolves when the reader can take more. */
  line(text: string): Promise<void>;
  /** Writes one JSON object on a line of its own. */
  object(value: unknown): Promise<void>;
}

/** Control characters would act on the terminal: they are shown as JSON has them. */
export const printable = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cf}]/gu, (character) => JSON.stringify(character).slice(1, -1));

/** Creates the output. `NO_COLOR` turns colours off: https://no-color.org */
export function createOutput(
  stream: Writable & { isTTY?: boolean },
  { isJson, env }: { isJson: boolean; env: NodeJS.ProcessEnv },
): Output {
  const isColoured = stream.isTTY === true && !env['NO_COLOR'] && !isJson;
  const write = async (text: string) => {
    if (!stream.write(`${text}\n`)) await once(stream, 'drain');
  };
  return {
    isJson,
    paint: (colour, text) => (isColoured ? `\x1b[${CODES[colour]}m${text}\x1b[0m` : text),
    line: write,
    object: (value) => write(JSON.stringify(value)),
  };
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** A number of bytes for people, such as `1.5 MiB`. */
export function size(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length - 1);
  const value = bytes / 1024 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${UNITS[power]}`;
}

/** A time as UTC, to the second. */
export const time = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z');

/** `1 file`, `2 files`. */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
