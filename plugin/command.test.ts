import { describe, expect, it } from 'vitest';
import { type Command, helpOf, overview, readArguments, sinceOf } from './command.ts';
import { status } from './status.ts';
import { EXIT, type Exit, Stop } from './stop.ts';

const look: Command = {
  name: 'look',
  summary: 'looks',
  takes: 'NAME [KEY]',
  mostRest: 1,
  options: {
    since: { type: 'string', value: 'TIME', help: 'only what is newer' },
    failed: { type: 'boolean', help: 'only what failed' },
  },
  examples: [['kubectl fip look invoices', 'All of it']],
  run: async () => EXIT.done,
};
const COMMANDS = [status, look];

/** The message and exit status of what is thrown. */
function stopOf(work: () => unknown): [Exit, string] | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return [error.exit, error.message];
  }
}

describe('readArguments', () => {
  it('takes the name, what follows it, and options anywhere', () => {
    const argv = ['look', '-n', 'team-a', 'invoices', '--failed', 'a b.txt', '-o', 'json'];
    expect(readArguments(argv, COMMANDS)).toEqual({
      command: look,
      name: 'invoices',
      rest: ['a b.txt'],
      values: { namespace: 'team-a', failed: true, output: 'json' },
    });
  });

  it('takes a key that begins with a dash after --', () => {
    expect(readArguments(['look', 'invoices', '--', '-a.txt'], COMMANDS).rest).toEqual(['-a.txt']);
  });

  it.each([[[]], [['help']], [['--help']], [['-h']]])('shows all commands: %j', (argv) => {
    expect(readArguments(argv, COMMANDS)).toMatchObject({ command: undefined, values: { help: true } });
  });

  it('asks for no name where help is asked for', () => {
    expect(readArguments(['look', '--help'], COMMANDS)).toMatchObject({ command: look });
  });

  it.each<[string[], string]>([
    [['lok'], 'lok: there is no such command. See kubectl fip --help.'],
    [['look'], 'NAME: Required value: name the FileIngestPipeline. See kubectl fip look --help.'],
    [
      ['look', 'a', 'b', 'c'],
      'c: this is one argument too many. Quote a key with spaces. See kubectl fip look --help.',
    ],
    [['look', 'a', '--fail'], "Unknown option '--fail'. See kubectl fip look --help."],
    [['look', 'a', '--since'], "Option '--since <value>' argument missing. See kubectl fip look --help."],
    [
      ['look', 'a', '-o', 'yaml'],
      '--output: Unsupported value: "yaml": supported values: "json". See kubectl fip look --help.',
    ],
  ])('refuses %j', (argv, message) => {
    expect(stopOf(() => readArguments(argv, COMMANDS))).toEqual([EXIT.usage, message]);
  });
});

describe('sinceOf', () => {
  const now = new Date('2026-05-03T12:00:00Z');
  it.each([
    ['90s', '2026-05-03T11:58:30.000Z'],
    ['10m', '2026-05-03T11:50:00.000Z'],
    ['2h', '2026-05-03T10:00:00.000Z'],
    ['3d', '2026-04-30T12:00:00.000Z'],
    ['2026-05-01', '2026-05-01T00:00:00.000Z'],
    ['2026-05-01T06:00:00+02:00', '2026-05-01T04:00:00.000Z'],
  ])('%s', (since, expected) => {
    expect(sinceOf({ since }, now)?.toISOString()).toBe(expected);
  });

  it('is nothing without the option', () => {
    expect(sinceOf({}, now)).toBeUndefined();
  });

  it.each(['yesterday', '10', '2026-99-99', '-5m'])('refuses %s', (since) => {
    expect(stopOf(() => sinceOf({ since }, now))).toEqual([
      EXIT.usage,
      `--since: Invalid value: "${since}": must be a time such as 10m, 2h or 3d, or a date such as 2026-01-31T12:00:00Z.`,
    ]);
  });
});

it('helpOf has the usage, the examples and every option but help itself', () => {
  expect(helpOf(look)).toBe(
    [
      'kubectl fip look: looks',
      '',
      'Usage: kubectl fip look NAME [KEY] [options]',
      '',
      'Examples:',
      '  # All of it',
      '  kubectl fip look invoices',
      '',
      'Options:',
      '      --since TIME            only what is newer',
      '      --failed                only what failed',
      '',
      'Options of every command:',
      "  -n, --namespace NAMESPACE   instead of the context's",
      '      --context CONTEXT       of your kubeconfig, instead of the current one',
      '      --from FILE             reads the claim, with its status, from a file instead of a cluster',
      '  -o, --output json           prints one JSON object on each line',
    ].join('\n'),
  );
});

it('overview names each command', () => {
  const lines = overview(COMMANDS).split('\n');
  expect(lines).toContain('  status [NAME]           is it well, and if not, why');
  expect(lines).toContain('  look NAME [KEY]         looks');
});
