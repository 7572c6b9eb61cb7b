/** What a run ran on, asked of what ran. */
import { at, isObject, stringAt } from '../../function/src/objects.ts';
import { runCommand } from '../../tools/command.ts';
import type { EmulatorName } from '../capabilities.ts';

/** Versions by what they are of, in the order in which they are shown. */
export type Versions = Readonly<Record<string, string>>;

/** Where an emulator tells that it is well, and its version. */
export const HEALTH_PATHS: Readonly<Record<EmulatorName, string>> = {
  localstack: '/_localstack/health',
  ministack: '/_ministack/health',
};

/** The tag of an image, such as `v2.5.0` of `registry.example:5000/a/b:v2.5.0@sha256:…`. */
export const tagOf = (image: string): string => /:([^/:@]+)(@|$)/.exec(image)?.[1] ?? image;

/** The tags of the installed providers, each once, with how many packages have it. */
export function providersIn(listed: unknown): string {
  const items: unknown = at(listed, 'items');
  const tags = (Array.isArray(items) ? items : []).map((one) =>
    tagOf(stringAt(one, 'spec', 'package') ?? ''),
  );
  return [...new Set(tags)]
    .map((tag) => `${tag} (${tags.filter((one) => one === tag).length} packages)`)
    .join(', ');
}

/** A substrate. */
interface Asked {
  readonly kubeconfig: string;
  readonly emulatorEndpoint: string;
  /** What only the substrate knows. */
  versions(): Promise<Versions>;
}

/** Asks the API server, the emulator and the substrate. @throws when one does not answer. */
export async function versionsOf(asked: Asked, kubectl: string, emulator: EmulatorName): Promise<Versions> {
  const { kubeconfig, emulatorEndpoint } = asked;
  const ask = async (...args: string[]): Promise<unknown> =>
    JSON.parse(await runCommand(kubectl, ['--kubeconfig', kubeconfig, ...args, '--output', 'json']));
  const server = stringAt(await ask('version'), 'serverVersion', 'gitVersion') ?? 'unknown';
  const providers = providersIn(await ask('get', 'providers.pkg.crossplane.io'));
  const health: unknown = await (await fetch(`${emulatorEndpoint}${HEALTH_PATHS[emulator]}`)).json();
  const told = isObject(health) ? stringAt(health, 'version') : undefined;
  return {
    Kubernetes: server,
    ...(await asked.versions()),
    'provider-upjet-aws': providers,
    [emulator === 'ministack' ? 'MiniStack' : 'LocalStack']: told ?? 'unknown',
  };
}
