/** Commands for the cluster: kubectl and Helm, each told its kubeconfig. Pure. */

import { join } from 'node:path';
import { crossplaneValues } from '../../../argocd/images/means.ts';
import { imageOf, type Placed } from '../../../argocd/images/settings.ts';
import { guideArgs } from '../../../argocd/manifests.ts';
import { manifestStream } from '../../../tools/yaml.ts';
import type { CrossplaneSettings } from '../../substrate.ts';
import { KUBECTL_WAIT } from '../../waits.ts';
import { NAMESPACE, type Names, PLATFORM } from './names.ts';
import type { Command } from './run.ts';

export const IN_NAMESPACE = ['--namespace', NAMESPACE];

export function kubectl(names: Names, ...args: string[]): Command {
  return { program: 'kubectl', args: ['--kubeconfig', names.kubeconfig, ...args] };
}

/** Server-side, so that a second run over the same objects changes nothing, however large they are. */
export function apply(names: Names, objects: readonly unknown[]): Command {
  const forced = ['--server-side', '--force-conflicts', '--field-manager', 'fileingest-e2e'];
  const input = manifestStream(objects);
  return { ...kubectl(names, 'apply', ...forced, '--filename', '-'), input };
}

/** Merges a patch into an object of a kind. */
export const patch = (names: Names, object: readonly string[], fields: unknown): Command =>
  kubectl(names, 'patch', ...object, '--type', 'merge', '--patch', JSON.stringify(fields));

/** Waits for a condition, or for anything else that `kubectl wait --for` takes. */
export function waitFor(names: Names, what: string[], condition: string, timeout = KUBECTL_WAIT): Command {
  return kubectl(names, 'wait', ...what, `--for=${condition}`, `--timeout=${timeout}`);
}

/** The arguments that the guide adds to Crossplane's, without the circuit breaker's settings. */
export function stockArgs(guide: readonly string[]): string[] {
  const stock = guide.filter((arg) => !arg.startsWith('--circuit-breaker-'));
  if (stock.length === guide.length)
    throw new Error(
      "argocd/platform/crossplane-values.yaml: args has no --circuit-breaker-…: 'stock' and 'guide' would be the same",
    );
  return stock;
}

/** Helm's words for Crossplane's chart, which a registry has under its own name. */
function chartWords(images: readonly Placed[]): string[] {
  const { target, chart } = imageOf(images, 'crossplane-chart');
  if (chart === undefined) throw new Error('argocd/images.yaml: crossplane-chart is no chart. Restore it.');
  const { name, version } = chart;
  const words = target.startsWith('oci:') ? [`${target}/${name}`] : [name, '--repo', target];
  return [...words, '--version', version];
}

/** Installs Crossplane, or changes its settings. */
export function installCrossplane(
  names: Names,
  settings: CrossplaneSettings,
  images: readonly Placed[],
): Command {
  const values = crossplaneValues(images);
  const image = values ? ['--set-json', `image=${JSON.stringify(values.image)}`] : [];
  const stock = settings === 'stock' ? ['--set-json', `args=${JSON.stringify(stockArgs(guideArgs()))}`] : [];
  return {
    program: 'helm',
    args: [
      ...['upgrade', 'crossplane', '--install', ...chartWords(images)],
      ...['--kubeconfig', names.kubeconfig, ...IN_NAMESPACE, '--create-namespace'],
      ...[
        '--values',
        join(PLATFORM, 'crossplane-values.yaml'),
        ...stock,
        ...image,
        '--wait',
        '--timeout',
        KUBECTL_WAIT,
      ],
    ],
  };
}
