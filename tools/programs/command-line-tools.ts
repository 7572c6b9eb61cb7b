/** Command-line tools: those of the user where they fit, else pinned ones of our own. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../command.ts';
import { messageOf } from '../errors.ts';
import { ensureBinaries } from './binaries.ts';
import { ensureGo, goEnvironment, type Say } from './go.ts';

/** Those that the kind substrate drives. */
export type ToolName = 'kind' | 'helm' | 'crossplane' | 'kubectl';

/** Absolute path of each, or its name where the one on the PATH is used. */
export type Tools = Readonly<Record<ToolName, string>>;

/** Where what is installed here goes; `make clean` removes it. */
const BIN = join(import.meta.dirname, '../../.cache/bin');

/** `module` is what `go install` takes; the others' modules have replacements, so they are built from a go.mod of ours. */
interface Tool {
  readonly version: string;
  /** Prints the version. */
  readonly ask: readonly string[];
  /** Whether any patch release of the same minor will do. */
  readonly anyPatch: boolean;
  readonly from: { package: string } | { binary: 'crossplane-cli' | 'kubectl' };
}

export const TOOLS = {
  kind: {
    version: 'v0.32.0',
    ask: ['version'],
    // A node image is promised to work with the release that it came with.
    anyPatch: false,
    from: { package: 'sigs.k8s.io/kind' },
  },
  helm: {
    version: 'v4.3.1',
    ask: ['version', '--template', '{{.Version}}'],
    // One that `go install` built knows no more than its minor.
    anyPatch: true,
    from: { package: 'helm.sh/helm/v4/cmd/helm' },
  },
  crossplane: {
    version: 'v2.5.0',
    ask: ['version', '--client'],
    anyPatch: false,
    from: { binary: 'crossplane-cli' },
  },
  kubectl: {
    version: 'v1.34.4',
    ask: ['version', '--client', '--output=json'],
    anyPatch: true,
    from: { binary: 'kubectl' },
  },
} as const satisfies Record<ToolName, Tool>;

const NAMES = ['kind', 'helm', 'crossplane', 'kubectl'] as const satisfies readonly ToolName[];

/** The first version in what a tool prints, such as `v1.34.4`, or `v4.3` where it says no more. */
export function versionIn(output: string): string | undefined {
  return /\bv\d+\.\d+(\.\d+)?/.exec(output)?.[0];
}

/** Whether a tool of the found version may stand in for the pinned one. */
export function fits(tool: Pick<Tool, 'version' | 'anyPatch'>, found: string | undefined): boolean {
  if (found === undefined) return false;
  const minor = (version: string) => version.split('.').slice(0, 2).join('.');
  return tool.anyPatch ? minor(found) === minor(tool.version) : found === tool.version;
}

/** What finding a tool does to the system; the tests give another. */
export interface System {
  /** What a command prints; undefined when it is not there or fails. */
  ask(command: string, args: readonly string[]): Promise<string | undefined>;
  isThere(path: string): boolean;
  /** Builds a Go package at a version into a folder. */
  install(packageAtVersion: string, folder: string, say: Say): Promise<void>;
  /** Builds programs from the modules pinned beside this file. */
  readonly build: typeof ensureBinaries;
}

export const system: System = {
  async ask(command, args) {
    return runCommand(command, args).catch(() => undefined);
  },
  isThere: existsSync,
  async install(packageAtVersion, folder, say) {
    const go = await ensureGo(process.env, say);
    await mkdir(folder, { recursive: true });
    const env = { ...goEnvironment(process.env), GOBIN: folder };
    await runCommand(go, ['install', packageAtVersion], { env });
  },
  build: ensureBinaries,
};

/** The version of a program on the PATH; undefined where there is none, or it does not tell. */
export async function versionOnPath(
  command: string,
  args: readonly string[],
  on: Pick<System, 'ask'>,
  /** What stands before it, where the program tells of others too. */
  after = '',
): Promise<string | undefined> {
  const printed = (await on.ask(command, args)) ?? '';
  const from = printed.indexOf(after);
  return from < 0 ? undefined : versionIn(printed.slice(from));
}

async function ensureTool(name: ToolName, say: Say, on: System): Promise<string> {
  const tool: Tool = TOOLS[name];
  const found = await versionOnPath(name, tool.ask, on);
  if (fits(tool, found)) {
    say(`${name} ${found} from the PATH`);
    return name;
  }
  const instead = found === undefined ? 'none on the PATH' : `${found} is on the PATH`;
  if ('binary' in tool.from) {
    say(`${name} ${tool.version} of our own (${instead})`);
    return (await on.build([tool.from.binary], say))[tool.from.binary];
  }
  const folder = join(BIN, `${name}-${tool.version}`);
  const path = join(folder, name);
  if (on.isThere(path)) {
    say(`${name} ${tool.version} of our own (${instead})`);
    return path;
  }
  say(`${name} ${tool.version} is built into ${folder} (${instead}); this takes a minute or two`);
  try {
    await on.install(`${tool.from.package}@${tool.version}`, folder, say);
  } catch (error) {
    const why = messageOf(error);
    throw new Error(
      `${name} ${tool.version} is needed (${instead}) and cannot be built. Put ${name} ${tool.version} on the PATH, or mend this: ${why}`,
    );
  }
  return path;
}

/**
 * Finds or builds every tool, and tells where each comes from.
 *
 * @throws naming the tool, its version, and how to get it.
 */
export async function ensureTools(say: Say, on: System = system): Promise<Tools> {
  const paths: Record<ToolName, string> = { kind: '', helm: '', crossplane: '', kubectl: '' };
  // One after the other: each build uses all of the machine.
  for (const name of NAMES) paths[name] = await ensureTool(name, say, on);
  return paths;
}

if (import.meta.main) console.log(await ensureTools(console.log));
