/** The type of a command, and its arguments. */
import { parseArgs } from 'node:util';
import { messageOf } from '../function/src/errors.ts';
import type { Aws } from './aws.ts';
import type { Output } from './output.ts';
import { EXIT, type Exit, Stop } from './stop.ts';
import type { Target } from './target.ts';

/** An option of a command. */
export interface Option {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  /** How the value is called in the help, such as `FILE`. */
  readonly value?: string;
  readonly help: string;
}

export type Values = Readonly<Record<string, string | boolean | undefined>>;

/** What a command works with. */
export interface Session {
  readonly output: Output;
  readonly values: Values;
  /** The claim's name where it was given. */
  readonly name: string | undefined;
  /** The arguments after the claim's name. */
  readonly rest: readonly string[];
  /** The claims: the named one, or all of the namespace. */
  readonly targets: readonly Target[];
  /** The AWS clients of a claim's region. */
  readonly aws: (target: Target) => Aws;
  /** Asks a question on the terminal. */
  readonly ask: (question: string) => Promise<string>;
  readonly now: () => Date;
  /** From this call on the first Ctrl-C only aborts the signal, so that the command ends in order. A second one ends it at once. */
  readonly interruption: () => AbortSignal;
}

export interface Command {
  readonly name: string;
  readonly summary: string;
  /** The arguments as the help shows them, such as `NAME [KEY]`. */
  readonly takes: string;
  /** Whether the claim's name may be left out. */
  readonly isNameOptional?: boolean;
  /** How many arguments may follow the name. */
  readonly mostRest: number;
  readonly options: Readonly<Record<string, Option>>;
  /** Lines of a shell, each with what it does. */
  readonly examples: readonly (readonly [string, string])[];
  run(session: Session): Promise<Exit>;
}

/** The options of every command. */
const COMMON: Readonly<Record<string, Option>> = {
  namespace: { type: 'string', short: 'n', value: 'NAMESPACE', help: "instead of the context's" },
  context: { type: 'string', value: 'CONTEXT', help: 'of your kubeconfig, instead of the current one' },
  from: {
    type: 'string',
    value: 'FILE',
    help: 'reads the claim, with its status, from a file instead of a cluster',
  },
  output: { type: 'string', short: 'o', value: 'json', help: 'prints one JSON object on each line' },
  help: { type: 'boolean', short: 'h', help: 'shows this' },
};

export interface Arguments {
  readonly command: Command | undefined;
  /** The claim's name. */
  readonly name: string | undefined;
  readonly rest: readonly string[];
  readonly values: Values;
}

const usage = (message: string, command?: Command) =>
  new Stop(`${message} See kubectl fip ${command ? `${command.name} ` : ''}--help.`, EXIT.usage);

/**
 * Reads the command line.
 *
 * @throws Stop with the exit status 2 when it is wrong
 */
export function readArguments(argv: readonly string[], commands: readonly Command[]): Arguments {
  const [first, ...others] = argv;
  const command = commands.find(({ name }) => name === first);
  if (command === undefined) {
    const isHelp = first === undefined || ['help', '-h', '--help'].includes(first);
    if (!isHelp) throw usage(`${first}: there is no such command.`);
    return { command, name: undefined, rest: [], values: { help: true } };
  }
  const { values, positionals } = parsed(others, command);
  if (values['help'] === true) return { command, name: undefined, rest: [], values };
  const { output } = values;
  if (output !== undefined && output !== 'json')
    throw usage(`--output: Unsupported value: ${JSON.stringify(output)}: supported values: "json".`, command);
  const [name, ...rest] = positionals;
  if (name === undefined && !command.isNameOptional)
    throw usage('NAME: Required value: name the FileIngestPipeline.', command);
  if (rest.length > command.mostRest)
    throw usage(
      `${rest[command.mostRest]}: this is one argument too many. Quote a key with spaces.`,
      command,
    );
  return { command, name, rest, values };
}

function parsed(args: readonly string[], command: Command): { values: Values; positionals: string[] } {
  const options = Object.entries({ ...COMMON, ...command.options }).map(
    ([name, { type, short }]) => [name, { type, ...(short !== undefined && { short }) }] as const,
  );
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: Object.fromEntries(options),
      allowPositionals: true,
      strict: true,
    });
    // No option may be given more than once, so that there are no lists.
    const single = Object.entries(values).map(([name, value]) => [
      name,
      Array.isArray(value) ? value[0] : value,
    ]);
    return { values: Object.fromEntries(single), positionals };
  } catch (error) {
    throw usage(`${messageOf(error).replace(/\. To specify .*$/s, '')}.`, command);
  }
}

/** An option's text; undefined when it was not given. */
export function textOf(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/**
 * The moment that an option names: a time before now, such as `90s`, `10m`, `2h` and `3d`, or a date in ISO 8601.
 *
 * @throws Stop when it is neither
 */
export function momentOf(values: Values, option: string, now: Date): Date | undefined {
  const text = textOf(values, option);
  if (text === undefined) return undefined;
  const [, number, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  if (number !== undefined && unit !== undefined)
    return new Date(now.getTime() - Number(number) * (SECONDS[unit] ?? 0) * 1000);
  const date = new Date(text);
  if (/^\d{4}-/.test(text) && !Number.isNaN(date.getTime())) return date;
  throw new Stop(
    `--${option}: Invalid value: ${JSON.stringify(text)}: must be a time such as 10m, 2h or 3d, or a date such as 2026-01-31T12:00:00Z.`,
    EXIT.usage,
  );
}

/** The moment of `--since`. */
export const sinceOf = (values: Values, now: Date): Date | undefined => momentOf(values, 'since', now);

const isShown = ([name]: readonly [string, Option]) => name !== 'help';

function optionLines(options: Readonly<Record<string, Option>>): string[] {
  const rows = Object.entries(options)
    .filter(isShown)
    .map(([name, { short, value, help }]): [string, string] => [
      `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`,
      help,
    ]);
  return rows.map(([left, right]) => `  ${left.padEnd(28)}${right}`);
}

/** The help of one command. */
export function helpOf({ name, summary, takes, options, examples }: Command): string {
  const own = optionLines(options);
  return [
    `kubectl fip ${name}: ${summary}`,
    '',
    `Usage: kubectl fip ${name} ${takes} [options]`,
    '',
    'Examples:',
    ...examples.flatMap(([line, what]) => [`  # ${what}`, `  ${line}`]),
    ...(own.length > 0 ? ['', 'Options:', ...own] : []),
    '',
    'Options of every command:',
    ...optionLines(COMMON),
  ].join('\n');
}

/** The help of all commands. */
export function overview(commands: readonly Command[]): string {
  return [
    'kubectl fip: what happens in a FileIngestPipeline.',
    '',
    'Usage: kubectl fip COMMAND NAME [options]',
    '',
    'Commands:',
    ...commands.map(({ name, takes, summary }) => `  ${`${name} ${takes}`.padEnd(24)}${summary}`),
    '',
    'Options of every command:',
    ...optionLines(COMMON),
    '',
    'kubectl fip COMMAND --help shows examples. AWS is asked with your own credentials, as the AWS SDK finds them.',
    'AWS_ENDPOINT_URL names an emulator.',
    '',
    'Exit status: 0 done; 1 something failed; 2 wrong arguments; 3 no such claim, or not ready for this;',
    '4 done, and the pipeline or the file is not well.',
  ].join('\n');
}
