/**
 * What the GitOps scenarios stand on: a cluster with Argo CD and an AWS emulator, and nothing else. Everything that a platform
 * team installs comes from git, by Argo CD.
 */

import type { Repository } from '../../tools/repository.ts';
import type { FunctionRelease, SubstrateBase } from '../substrate.ts';

/** What a fork of this repository has to say otherwise where it runs. */
export interface Surroundings {
  /** The git repository as Argo CD reaches it. */
  readonly repoURL: string;
  /** The Helm repository that has Crossplane's chart; the public one when absent. */
  readonly charts?: string;
  /** The provider's version; the manifests' own when absent. */
  readonly providerVersion?: string;
  /** How the provider's pods are run; nothing when absent. */
  readonly crossplaneValues?: Readonly<Record<string, unknown>>;
  /** Where the provider reaches the AWS emulator. */
  readonly awsEndpoint: string;
}

export interface GitOpsSubstrate extends SubstrateBase {
  /** Valid after `start`. */
  readonly surroundings: Surroundings;
  /**
   * Brings up the cluster, the emulator, a registry, a server of the repository, and Argo CD by `argocd/install`. Crossplane
   * is not there.
   *
   * @throws naming the part that did not come up, with the end of its log.
   */
  start(repository: Repository, say: (line: string) => void): Promise<void>;
  /** Puts the packages of a release, function and Configuration, where the cluster pulls them from. */
  publish(release: FunctionRelease): Promise<void>;
  /** Runs Argo CD's command line. Resolves to what it printed. */
  argocd(...args: string[]): Promise<string>;
  /** Asks Argo CD's API for a path such as `/api/v1/applications`; absent where it asks for a sign-in. */
  api?(path: string): Promise<unknown>;
}
