/** The platform's EnvironmentConfig, as scenarios set it. */
import { isObject, type Json } from '../function/src/objects.ts';
import { platformFor } from '../local/platform.ts';
import { ENVIRONMENT_CONFIG } from '../tools/kinds.ts';
import type { Example } from './examples.ts';
import type { Stage } from './stage.ts';

/** Sets the platform's defaults; without any the EnvironmentConfig is removed. */
export async function setPlatform(
  { cluster }: Pick<Stage, 'cluster'>,
  data: Json | undefined,
): Promise<void> {
  const { apiVersion, kind } = ENVIRONMENT_CONFIG;
  if (data === undefined) await cluster.remove(ENVIRONMENT_CONFIG, { name: 'fileingest' });
  else await cluster.apply({ apiVersion, kind, metadata: { name: 'fileingest' }, data });
}

/** Does some work while the platform has what these examples ask of it: a layer, where one processes images. */
export async function withPlatform<T>(
  stage: Stage,
  examples: readonly Example[],
  work: () => Promise<T>,
): Promise<T> {
  const needed = await Promise.all(examples.map(({ claim }) => platformFor(claim, stage.clients)));
  const data = needed.find((one) => one !== undefined)?.['data'];
  await setPlatform(stage, isObject(data) ? data : undefined);
  try {
    return await work();
  } finally {
    await setPlatform(stage, undefined);
  }
}
