/** What the kind substrate pins, and what it calls the things that it makes. */
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../../..');

/** The manifests of this substrate. */
export const MANIFESTS = import.meta.dirname;

/** What the install guide has a platform team apply. */
export const PLATFORM = join(ROOT, 'argocd/platform');

/** Docker's network that kind puts its nodes on. */
export const NETWORK = 'kind';

/** Everything that Docker runs for us carries it, with the cluster's name as its value. */
export const LABEL = 'dev.fileingest.e2e';

export const NAMESPACE = 'crossplane-system';

/** Images that are built here, from the Dockerfiles in `images`. */
export const BUILT = {
  ministack: 'fileingest-e2e/ministack:1.5.33',
  front: 'fileingest-e2e/front:latest',
  git: 'fileingest-e2e/git:local',
} as const;

/** Of the emulator behind its front, in the same network namespace. */
export const BEHIND_FRONT_PORT = 4567;
export const REGISTRY_PORT = 5000;

/**
 * What the cluster knows the registry by. go-containerregistry, with which Crossplane pulls packages, speaks plain HTTP to
 * names that end in `.localhost`, to loopback and to private addresses, and to nothing else.
 */
export const REGISTRY_HOST = 'registry.localhost';

/** What the cluster knows the emulator by, and any name below it: S3 Control is called at `<account>.<host>`. */
export const EMULATOR_HOST = 'aws.fileingest.test';

/** Where the cluster reaches the emulator. */
export const endpointIn = (port: number): string => `http://${EMULATOR_HOST}:${port}`;

/** Names of one cluster's parts, so that two clusters on one machine do not meet. */
export interface Names {
  readonly cluster: string;
  /** The container of kind's only node. */
  readonly node: string;
  readonly registry: string;
  readonly emulator: string;
  readonly front: string;
  /** For the kubeconfig, Helm's cache and packages. */
  readonly folder: string;
  readonly kubeconfig: string;
}

/** The names that follow from a cluster's name. */
export function namesOf(cluster: string): Names {
  const folder = join(ROOT, '.cache/e2e/kind', cluster);
  return {
    cluster,
    node: `${cluster}-control-plane`,
    registry: `${cluster}-registry`,
    emulator: `${cluster}-emulator`,
    front: `${cluster}-front`,
    folder,
    kubeconfig: join(folder, 'kubeconfig'),
  };
}
