/** The ProviderConfig for an emulator. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeObject } from '../../tools/cluster.ts';
import { manifestsOf } from '../../tools/yaml.ts';

const FILE = join(import.meta.dirname, '../../argocd/platform/provider-config/emulator.yaml');

/**
 * The objects with which the provider signs in to an emulator, without those of the environments.
 *
 * @param endpoint - the emulator's URL from the provider's view
 */
export function emulatorProviderConfig(endpoint: string): KubeObject[] {
  const text = readFileSync(FILE, 'utf8').replaceAll(/(?<=static: ).*/g, JSON.stringify(endpoint));
  return manifestsOf(text).filter(({ metadata }) => ['aws-emulator', 'default'].includes(metadata.name));
}
