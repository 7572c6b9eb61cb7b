/**
 * What the scenarios stand on. A substrate brings a Kubernetes API server with Crossplane, provider-upjet-aws and an AWS
 * emulator, and installs our packages; everything above it is the same for kind and for plain processes.
 */

import type { AwsCall } from './aws-operations.ts';
import type { Outage } from './outage.ts';
import type { Versions } from './report/versions.ts';

/** A build of the composition function: a folder like `dist/function`, and the version its package is tagged with. */
export interface FunctionRelease {
  /** A semantic version with a leading v, such as `v1.2.3`. */
  readonly version: string;
  /** Absolute path of the folder that holds `main.js` and `handlers/*.zip`. */
  readonly folder: string;
}

/** How Crossplane itself is set: as its chart has it, or as our install guide says. */
export type CrossplaneSettings = 'stock' | 'guide';

/** What every substrate has, also that of the GitOps scenarios. */
export interface SubstrateBase {
  readonly name: 'kind' | 'host';
  /** Path of a kubeconfig of its own, with cluster-admin; valid after `start`. */
  readonly kubeconfig: string;
  /** Where this process reaches the AWS emulator, such as `http://127.0.0.1:4566`; valid after `start`. */
  readonly emulatorEndpoint: string;
  /** What runs there and cannot be asked through the API server, by name. */
  versions(): Promise<Versions>;
  /** Writes the logs of every part into a folder, one file each. */
  saveLogs(folder: string): Promise<void>;
  /** Ends everything that `start` began, whatever state it is in. Who called `start` calls it, even when that failed. */
  stop(): Promise<void>;
}

export interface Substrate extends SubstrateBase {
  /** What the provider calls AWS by, from where it runs; valid after `start`. */
  readonly providerEndpoint: string;
  /**
   * Brings up everything but our own packages: API server, Crossplane with the guide's settings, the provider's family
   * members, the activation policy, the emulator. Resolves when all answer.
   *
   * @param say - told of each part as it comes up, one line each.
   * @throws naming the part that did not come up, with the end of its log.
   */
  start(say: (line: string) => void): Promise<void>;
  /**
   * Builds the function's package, pushes it to the substrate's own registry under the release's version, and points the
   * Function object of `argocd/platform` at it. Resolves when its revision is active and the function answers.
   */
  installFunction(release: FunctionRelease): Promise<void>;
  /** Builds and pushes the Configuration package (XRD and Composition) and installs it. Resolves when the XRD is established. */
  installConfiguration(version: string): Promise<void>;
  /** Another control plane on the same emulator, not yet started; absent where there can be no more than one. */
  another?(): Substrate;
  /** Restarts Crossplane with other settings. Resolves when it is running again. */
  setCrossplane(settings: CrossplaneSettings): Promise<void>;
  /** The provider's processes are gone. */
  readonly providerOutage: Outage;
  /** The emulator keeps its state, but answers nobody. */
  readonly emulatorOutage: Outage;
  /** All that the provider has called; absent where it cannot be seen. */
  readonly providerCalls?: () => readonly AwsCall[];
  /** Kills the function without a chance to finish what it does; it comes back by itself. */
  killFunction(): Promise<void>;
}
