/** Runs the function once: request -> claim -> plan -> response. Only this file reads the request and writes the response. */
import {
  type ComposeFunction,
  fatal,
  getObservedComposedResources,
  getRequiredResource,
  Ready,
  Resource,
  type RunFunctionRequest,
  requireResource,
  Status,
  setDesiredCompositeStatus,
  Target,
} from '@crossplane-org/function-sdk-typescript';
import type { Catalogue } from './catalogue.ts';
import { createContext } from './create-context.ts';
import { isSpecError } from './errors.ts';
import { pipelineName } from './names.ts';
import { isObject, type Json, type Observed } from './objects.ts';
import { pipeline } from './pipeline.ts';
import { plan } from './plan.ts';
import { PLATFORM_SELECTOR, platformFor } from './platform.ts';
import { conditions, status } from './status.ts';

const PLATFORM = 'platform';

function observedResources(request: RunFunctionRequest): Observed {
  const observed: Record<string, Json> = {};
  for (const [key, { resource }] of Object.entries(getObservedComposedResources(request))) {
    if (resource) observed[key] = resource;
  }
  return observed;
}

/** The EnvironmentConfig, if Crossplane has fetched one. */
function platformResource(request: RunFunctionRequest): Json | undefined {
  const [found] = getRequiredResource(request, PLATFORM);
  const resource: unknown = found[0]?.resource;
  return isObject(resource) ? resource : undefined;
}

/**
 * Creates the composition function. A claim that cannot be rendered gives a fatal result. Crossplane then leaves all existing
 * resources unchanged.
 */
export function createCompose(catalogue: Catalogue): ComposeFunction {
  return (request, response, logger) => {
    requireResource(response, PLATFORM, { ...PLATFORM_SELECTOR });
    const composite: Json = request.observed?.composite?.resource ?? {};
    try {
      const platform = platformFor(platformResource(request), composite);
      const context = createContext(composite, platform, catalogue, observedResources(request));
      const planned = plan(pipeline(context), context.observed, context.arns);
      for (const { key, manifest, ready } of planned) {
        if (!manifest) continue;
        // Assigned, not merged: the SDK's helper would append to the arrays of earlier desired state.
        response.desired.resources[key] = {
          resource: manifest,
          connectionDetails: {},
          ready: ready ? Ready.READY_TRUE : Ready.READY_FALSE,
        };
      }
      setDesiredCompositeStatus({ rsp: response, status: { ...status(planned, context) } });
      const allReady = planned.every(({ ready }) => ready);
      const desired = response.desired.composite ?? Resource.fromJSON({});
      response.desired.composite = { ...desired, ready: allReady ? Ready.READY_TRUE : Ready.READY_FALSE };
      for (const condition of conditions(planned, context)) {
        response.conditions.push({
          ...condition,
          status: condition.status ? Status.STATUS_CONDITION_TRUE : Status.STATUS_CONDITION_FALSE,
          target: Target.TARGET_COMPOSITE,
        });
      }
      logger?.debug({ claim: pipelineName(context.identity), ready: allReady }, 'rendered');
      return response;
    } catch (error) {
      if (!isSpecError(error)) throw error;
      return fatal(response, error.message);
    }
  };
}
