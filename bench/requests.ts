/** What Crossplane asks of the function: the smallest claim in the three states of its life, and larger ones that are ready. */
import { RunFunctionRequest } from '@crossplane-org/function-sdk-typescript';
import { type Observed, pending, readClaim, render, requestOf, settle } from '../function/render.ts';
import { readCatalogue } from '../function/src/catalogue.ts';
import type { Json } from '../function/src/objects.ts';

export interface Sample {
  /** The state, which is the request's tag as well. */
  readonly state: string;
  /** An encoded RunFunctionRequest. */
  readonly request: Buffer;
  /** How many times the echo's cost it may have at most. */
  readonly target?: number;
}

const MOST_TIMES_ECHO = 1.5;

/** The largest state of the smallest claim. */
export const READY = 'ready';

/** The claim with the most resources. */
const LARGE = 'run-script/production.yaml';
/** Its state machine is checked in each render, however long it is: no times of the echo are right for all of them. */
const OWN_DEFINITION = 'custom/sort-files.yaml';

function sampleOf(state: string, claim: Json, observed: Observed, target?: number): Sample {
  const message = { ...requestOf(claim, observed), meta: { tag: state, capabilities: [] } };
  const request = Buffer.from(RunFunctionRequest.encode(message).finish());
  return { state, request, ...(target !== undefined && { target }) };
}

/**
 * Requests of `examples/claim.yaml` with nothing observed, with its first resources being made, and with all of them ready; and of
 * the larger claims with all ready. What is observed carries the handlers' real code.
 *
 * @param handlers - the folder of their zips.
 * @throws when a claim does not become ready.
 */
export async function sampleRequests(handlers: string): Promise<Sample[]> {
  const catalogue = readCatalogue(handlers);
  const claim = readClaim('claim.yaml');
  const first = await render(claim, {}, { catalogue });
  const creating = Object.entries(first.resources).map(
    ([key, manifest]) => [key, pending(manifest)] as const,
  );
  const ready = async (state: string, path: string, target?: number): Promise<Sample> => {
    const { observed, rendered } = await settle(readClaim(path), { catalogue });
    if (!rendered.compositeReady) throw new Error(`examples/${path} does not become ready`);
    return sampleOf(state, readClaim(path), observed, target);
  };
  return [
    sampleOf('nothing', claim, {}, MOST_TIMES_ECHO),
    sampleOf('creating', claim, Object.fromEntries(creating), MOST_TIMES_ECHO),
    await ready(READY, 'claim.yaml', MOST_TIMES_ECHO),
    await ready('RunScript ready', LARGE, MOST_TIMES_ECHO),
    await ready('Custom ready', OWN_DEFINITION),
  ];
}
