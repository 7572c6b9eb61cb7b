/** Commands for the cluster: kubectl and Helm, each told its kubeconfig. Pure. */
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { at } from '../../../function/src/objects.ts';
import type { CrossplaneSettings } from '../../substrate.ts';
import { CHART, NAMESPACE, type Names, PLATFORM } from './names.ts';
import type { Command } from './run.ts';

/** Where the chart's values of the install guide are. */
const VALUES_FILE = join(PLATFORM, 'crossplane-values.yaml');

export function kubectl(names: Names, ...args: string[]): Command {
  return { program: 'kubectl', args: ['--kubeconfig', names.kubeconfig, ...args] };
}

/** Server-side, so that a second run over the same objects changes nothing, however large they are. */
export function apply(names: Names, objects: readonly unknown[]): Command {
  const args = [
    'apply',
    '--server-side',
    '--force-conflicts',
    '--field-manager',
    'fileingest-e2e',
    '--filename',
    '-',
  ];
  return { ...kubectl(names, ...args), input: objects.map((object) => stringify(object)).join('---\n') };
}

/** Waits for a condition, or for anything else that `kubectl wait --for` takes. */
export function waitFor(names: Names, what: string[], condition: string, timeout: string): Command {
  return kubectl(names, 'wait', ...what, `--for=${condition}`, `--timeout=${timeout}`);
}

/**
 * The chart's values without the circuit breaker's settings: the arguments that the guide adds, less those.
 *
 * @param values - text of the guide's values file.
 */
export function stockArgs(values: string): string[] {
  const args = at(parse(values), 'args');
  if (!Array.isArray(args) || !args.every((arg) => typeof arg === 'string'))
    throw new Error(`${VALUES_FILE}: args must be a list of texts`);
  const stock = args.filter((arg) => !arg.startsWith('--circuit-breaker-'));
  if (stock.length === args.length)
    throw new Error(`${VALUES_FILE}: args has no --circuit-breaker-…: 'stock' and 'guide' would be the same`);
  return stock;
}

/**
 * Installs Crossplane, or changes its settings.
 *
 * @param values - text of the guide's values file.
 */
export function installCrossplane(names: Names, settings: CrossplaneSettings, values: string): Command {
  const stock = settings === 'stock' ? ['--set-json', `args=${JSON.stringify(stockArgs(values))}`] : [];
  return {
    program: 'helm',
    args: [
      ...[
        'upgrade',
        'crossplane',
        CHART.name,
        '--install',
        '--repo',
        CHART.repository,
        '--version',
        CHART.version,
      ],
      ...['--kubeconfig', names.kubeconfig, '--namespace', NAMESPACE, '--create-namespace'],
      ...['--values', VALUES_FILE, ...stock, '--wait', '--timeout', '10m'],
    ],
  };
}

export const readCorefile = (names: Names): Command =>
  kubectl(
    names,
    'get',
    'configmap',
    'coredns',
    '--namespace',
    'kube-system',
    '--output',
    'jsonpath={.data.Corefile}',
  );

/** CoreDNS would see a new Corefile by itself, within two minutes: a restart is surer and quicker. */
export const writeCorefile = (names: Names, corefile: string): Command[] => [
  kubectl(
    ...([names, 'patch', 'configmap', 'coredns', '--namespace', 'kube-system', '--type', 'merge'] as const),
    ...(['--patch', JSON.stringify({ data: { Corefile: corefile } })] as const),
  ),
  kubectl(names, 'rollout', 'restart', 'deployment/coredns', '--namespace', 'kube-system'),
  kubectl(names, 'rollout', 'status', 'deployment/coredns', '--namespace', 'kube-system', '--timeout=3m'),
];

/** Pods of Crossplane's namespace with a label. */
export const podNames = (names: Names, selector: string): Command =>
  kubectl(
    ...([names, 'get', 'pods', '--namespace', NAMESPACE, '--selector', selector] as const),
    ...(['--output', 'jsonpath={.items[*].metadata.name}'] as const),
  );

/** What a runtime configuration says, as `kubectl patch --type merge` takes it. */
export const setReplicas = (names: Names, runtimeConfig: string, replicas: number): Command =>
  kubectl(
    ...([names, 'patch', 'deploymentruntimeconfig', runtimeConfig, '--type', 'merge'] as const),
    ...(['--patch', JSON.stringify({ spec: { deploymentTemplate: { spec: { replicas } } } })] as const),
  );
