/** What Crossplane asks of the function: the smallest claim in the three states of its life. */
import { RunFunctionRequest } from '@crossplane-org/function-sdk-typescript';
import { readCatalogue } from '../function/src/catalogue.ts';
import { type Observed, pending, readClaim, render, requestOf, settle } from '../function/tests/render.ts';

export interface Sample {
  /** The state, which is the request's tag as well. */
  state: string;
  /** An encoded RunFunctionRequest. */
  request: Buffer;
}

/**
 * Requests of `examples/claim.yaml` with nothing observed, with its first resources being made, and with all of them ready. What is
 * observed carries the handlers' real code.
 *
 * @param handlers - the folder of their zips.
 */
export async function sampleRequests(handlers: string): Promise<Sample[]> {
  const claim = readClaim('claim.yaml');
  const catalogue = readCatalogue(handlers);
  const first = await render(claim, {}, { catalogue });
  const creating = Object.entries(first.resources).map(
    ([key, manifest]) => [key, pending(manifest)] as const,
  );
  const { observed: ready } = await settle(claim, { catalogue });
  const sample = (state: string, observed: Observed): Sample => {
    const message = { ...requestOf(claim, observed), meta: { tag: state, capabilities: [] } };
    return { state, request: Buffer.from(RunFunctionRequest.encode(message).finish()) };
  };
  return [sample('nothing', {}), sample('creating', Object.fromEntries(creating)), sample('ready', ready)];
}
