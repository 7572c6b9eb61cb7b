/** Leads pulls of our packages to the registry beside the cluster, as soon as Crossplane can be told. */
import { setTimeout as delay } from 'node:timers/promises';
import { apply, waitFor } from './kubernetes.ts';
import { ourImageConfigs } from './start.ts';
import type { KindContext } from './start-cluster.ts';

const DEFINITION = 'crd/imageconfigs.pkg.crossplane.io';

export interface Patience {
  /** How long Crossplane may take to come. */
  readonly forMs: number;
  /** Between two looks. */
  readonly everyMs: number;
  /** Asked after each look: nothing is waited for any more. */
  isOver(): boolean;
}

/**
 * Applies the ImageConfigs once their kind is served: Argo CD brings Crossplane, and the packages a few waves after it. What is
 * asked meanwhile may fail, as an API server is busy at times.
 *
 * @returns whether it came to that; false when it was over before.
 * @throws with the last failure when the time is over.
 */
export async function leadToRegistry(
  { run, names, readPlatform }: Pick<KindContext, 'run' | 'names' | 'readPlatform'>,
  { forMs, everyMs, isOver }: Patience,
): Promise<boolean> {
  const configs = await ourImageConfigs({ readPlatform });
  for (const last = Date.now() + forMs; !isOver(); await delay(everyMs)) {
    try {
      // Short, so that an end is noticed.
      await run(waitFor(names, [DEFINITION], 'create', '15s'));
      await run(waitFor(names, [DEFINITION], 'condition=Established', '15s'));
      await run(apply(names, configs));
      return true;
    } catch (error) {
      if (Date.now() > last && !isOver())
        throw new Error(
          `our packages are not led to the registry here, since Crossplane's ImageConfig was not served in ${forMs / 60_000} min`,
          { cause: error },
        );
    }
  }
  return false;
}
