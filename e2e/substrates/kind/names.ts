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

export const CHART = {
  repository: 'https://charts.crossplane.io/stable',
  name: 'crossplane',
  version: '2.3.4',
} as const;

export const IMAGES = {
  registry: 'registry:3.0.0@sha256:6c5666b861f3505b116bb9aa9b25175e71210414bd010d92035ff64018f9457e',
  // The last one that runs without an account.
  localstack:
    'localstack/localstack:4.14.0@sha256:3ebc37595918b8accb852f8048fef2aff047d465167edd655528065b07bc364a',
  // Built here, from ministack.Dockerfile.
  ministack: 'fileingest-e2e/ministack:1.5.33',
  // Built here too, from front.Dockerfile.
  front: 'fileingest-e2e/front:latest',
} as const;

/** Of the front, which everyone calls. */
export const EMULATOR_PORT = 4566;
/** Of the emulator behind it, in the same network namespace. */
export const BEHIND_FRONT_PORT = 4567;
export const REGISTRY_PORT = 5000;

/**
 * What the cluster knows the registry by. go-containerregistry, with which Crossplane pulls packages, speaks plain HTTP to
 * names that end in `.localhost`, to loopback and to private addresses, and to nothing else.
 */
export const REGISTRY_HOST = 'registry.localhost';

/** What the cluster knows the emulator by, and any name below it: S3 Control is called at `<account>.<host>`. */
export const EMULATOR_HOST = 'aws.fileingest.test';

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
