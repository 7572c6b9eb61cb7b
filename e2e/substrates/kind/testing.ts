/** Stands in for the system in the tests of the substrates on kind: commands are noted and not run. */
import { readImages } from '../../../argocd/images/settings.ts';
import type { Effects } from './kind-cluster.ts';
import { type Names, ROOT } from './names.ts';
import { type Command, commandLine } from './run.ts';

/** Text with nothing in it that differs from machine to machine. */
export const plainText = ({ folder, cluster }: Names, text: string): string =>
  text.replaceAll(folder, 'FOLDER').replaceAll(cluster, 'CLUSTER').replaceAll(ROOT, 'ROOT');

const PORTS: Record<string, number> = { registry: 32768, emulator: 32769, git: 32770 };
const ADDRESSES: Record<string, string> = {
  registry: '172.18.0.3',
  emulator: '172.18.0.4',
  git: '172.18.0.5',
};

/** What the programs print of a cluster and its containers. */
function printedOfCluster(line: string): string {
  const container = /-(registry|emulator|git)\b/.exec(line)?.[1] ?? '';
  if (line.startsWith('docker port')) return `127.0.0.1:${PORTS[container]}\n`;
  if (line.startsWith('docker inspect --format')) return `${ADDRESSES[container]}\n`;
  if (line.startsWith('docker ps')) return 'aaa\nbbb\n';
  if (line.includes('get configmap coredns')) return '.:53 {\n    errors\n}\n';
  return '';
}

export interface Recorded {
  readonly effects: Effects;
  readonly commands: Command[];
  /** The commands as a person would type them, in plain text. */
  lines(): string[];
  readonly said: string[];
  /** What the builders of packages were given. */
  readonly built: unknown[];
  /** Called for each command; throws to make it fail. */
  before: (command: Command, index: number) => void;
}

/**
 * A system on which every command succeeds at once.
 *
 * @param printed - what a command prints; undefined for those of a cluster and its containers.
 * @param changes - other effects.
 */
export function recordCommands(
  names: Names,
  printed: (command: Command, line: string) => string | undefined,
  changes: Partial<Effects> = {},
): Recorded {
  const commands: Command[] = [];
  const recorded: Recorded = {
    commands,
    lines: () => commands.map((command) => plainText(names, commandLine(command))),
    said: [],
    built: [],
    before: () => {},
    effects: {
      readImages: () => readImages({}),
      ensureTools: async () => ({
        kind: 'kind',
        helm: 'helm',
        crossplane: '/bin/crossplane',
        kubectl: 'kubectl',
      }),
      createRun: () => async (command) => {
        commands.push(command);
        recorded.before(command, commands.length - 1);
        const line = [command.program, ...command.args].join(' ');
        return { stdout: printed(command, line) ?? printedOfCluster(line), stderr: '' };
      },
      answers: async () => true,
      freePort: async () => 32769,
      build: {
        function: async (options) => void recorded.built.push(options),
        configuration: async (options) => void recorded.built.push(options),
      },
      patienceMs: 0,
      ...changes,
    },
  };
  return recorded;
}
