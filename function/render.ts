/** Runs the function like Crossplane, with the wire format, and does the provider's work between runs. */
import { readFileSync } from 'node:fs';
import {
  fromObject,
  type Resource,
  RunFunctionRequest,
  RunFunctionResponse,
  Severity,
  Status,
  to,
} from '@crossplane-org/function-sdk-typescript';
import { parse } from 'yaml';
import { type Catalogue, catalogueOf, codeOf } from './src/catalogue.ts';
import { createCompose } from './src/compose.ts';
import { EXTERNAL_NAME } from './src/names.ts';
import { at, isObject, type Json, stringAt } from './src/objects.ts';
import { completeSpec } from './src/read-spec.ts';

export const ACCOUNT = '111122223333';
export const UID = '0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0';

/** A catalogue of small fake zips, so that goldens do not change with the handlers' code. */
export const CATALOGUE = catalogueOf((handler) => codeOf(Buffer.from(`zip of ${handler}`)));

/** The observed composed resources, by key. */
export type Observed = Record<string, Json>;

/** A claim from `examples/`, with a uid like the API server sets. */
export function readClaim(path: string): Json {
  const claim = parse(readFileSync(new URL(`../examples/${path}`, import.meta.url), 'utf8'));
  return { ...claim, metadata: { ...claim.metadata, uid: UID } };
}

/** A claim with this spec. */
export function claimOf(spec: Json, metadata: Json = {}): Json {
  return {
    apiVersion: 'fileingest.dev/v1alpha1',
    kind: 'FileIngestPipeline',
    metadata: { name: 'invoices', namespace: 'team-a', uid: UID, ...metadata },
    spec,
  };
}

export interface Rendered {
  /** The emitted manifests, by key. */
  readonly resources: Record<string, Json>;
  /** The keys of the resources that the function reports as ready. */
  readonly ready: string[];
  readonly compositeReady: boolean;
  readonly status: Json;
  readonly conditions: Record<string, string>;
  /** The messages of fatal results. */
  readonly fatal: string[];
}

const READY_TRUE = 1;

function read(response: RunFunctionResponse): Rendered {
  const composed = Object.entries(response.desired?.resources ?? {});
  const describe = (status: Status, reason: string, message: string | undefined) =>
    `${status === Status.STATUS_CONDITION_TRUE ? 'True' : 'False'} ${reason}${message ? `: ${message}` : ''}`;
  const status = at(response.desired?.composite?.resource, 'status');
  return {
    resources: Object.fromEntries(composed.map(([key, { resource }]) => [key, resource ?? {}])),
    ready: composed.filter(([, { ready }]) => ready === READY_TRUE).map(([key]) => key),
    compositeReady: response.desired?.composite?.ready === READY_TRUE,
    status: isObject(status) ? status : {},
    conditions: Object.fromEntries(
      response.conditions.map(({ type, status, reason, message }) => [
        type,
        describe(status, reason, message),
      ]),
    ),
    fatal: response.results
      .filter(({ severity }) => severity === Severity.SEVERITY_FATAL)
      .map(({ message }) => message),
  };
}

export interface Options {
  readonly catalogue?: Catalogue;
  /** `data` of the EnvironmentConfig `fileingest`. By default there is none, except for ProcessImage, which gets one with a layer. */
  readonly platform?: Json;
}

const WITH_LAYER: Json = { sharpLayer: { bucket: 'platform-layers', key: 'sharp-arm64.zip' } };

/** The default `data` of the EnvironmentConfig for a claim. */
export const platformOf = (claim: Json): Json | undefined =>
  at(claim, 'spec', 'workflow', 'type') === 'ProcessImage' ? WITH_LAYER : undefined;

/** The request of one run. */
export function requestOf(claim: Json, observed: Observed, options: Options = {}): RunFunctionRequest {
  const platform = options.platform ?? platformOf(claim);
  const resources: Record<string, Resource> = {};
  for (const [key, resource] of Object.entries(observed)) resources[key] = fromObject(resource);
  return RunFunctionRequest.fromPartial({
    meta: { tag: 'test', capabilities: [] },
    observed: { composite: fromObject(claim), resources },
    ...(platform && {
      requiredResources: { platform: { items: [fromObject({ kind: 'EnvironmentConfig', data: platform })] } },
    }),
  });
}

/** Runs the function once. Request and response both pass through the wire format. */
export async function render(claim: Json, observed: Observed = {}, options: Options = {}): Promise<Rendered> {
  const request = RunFunctionRequest.decode(
    RunFunctionRequest.encode(requestOf(claim, observed, options)).finish(),
  );
  const compose = createCompose(options.catalogue ?? CATALOGUE);
  const response = to(request);
  const { desired = { composite: undefined, resources: {} } } = response;
  const answer = await compose(request, { ...response, desired });
  return read(RunFunctionResponse.decode(RunFunctionResponse.encode(answer).finish()));
}

const condition = (type: string, status: 'True' | 'False', reason: string, message?: string) => ({
  type,
  status,
  reason,
  lastTransitionTime: '2026-01-01T00:00:00Z',
  ...(message && { message }),
});

/** The part of `status.atProvider` that the function reads. */
function atProvider(key: string, manifest: Json): Json {
  const region = stringAt(manifest, 'spec', 'forProvider', 'region') ?? '';
  const name = stringAt(manifest, 'metadata', 'annotations', 'crossplane.io/external-name') ?? key;
  const arn = (service: string, resource: string) => ({
    arn: `arn:aws:${service}:${region}:${ACCOUNT}:${resource}`,
  });
  const tags = at(manifest, 'spec', 'forProvider', 'tags');
  switch (manifest['kind']) {
    case 'Bucket':
      return { arn: `arn:aws:s3:::${name}`, tags };
    case 'BucketNotification': {
      // S3 has the configured targets.
      const told = ['lambdaFunction', 'eventbridge'].flatMap((field): [string, unknown][] => {
        const value = at(manifest, 'spec', 'forProvider', field);
        return value === undefined ? [] : [[field, value]];
      });
      return { id: name, ...Object.fromEntries(told) };
    }
    case 'Role':
      return { arn: `arn:aws:iam::${ACCOUNT}:role/${name}` };
    case 'Function':
      return {
        ...arn('lambda', `function:${name}`),
        sourceCodeHash: at(manifest, 'spec', 'forProvider', 'sourceCodeHash'),
      };
    case 'LayerVersion':
      return arn('lambda', `layer:${stringAt(manifest, 'spec', 'forProvider', 'layerName')}:1`);
    case 'StateMachine':
      return { ...arn('states', `stateMachine:${name}`), tags };
    case 'Table': {
      const { arn: table } = arn('dynamodb', `table/${name}`);
      const streams = at(manifest, 'spec', 'forProvider', 'streamEnabled') === true;
      return { arn: table, tags, ...(streams && { streamArn: `${table}/stream/2026-01-01T00:00:00.000` }) };
    }
    case 'API':
      return {
        id: 'a1b2c3d4e5',
        apiEndpoint: `https://a1b2c3d4e5.execute-api.${region}.amazonaws.com`,
        executionArn: arn('execute-api', 'a1b2c3d4e5').arn,
      };
    case 'Queue':
      return {
        ...arn('sqs', name),
        url: `https://sqs.${region}.amazonaws.com/${ACCOUNT}/${stringAt(manifest, 'spec', 'forProvider', 'name')}`,
      };
    default:
      return { id: name };
  }
}

/** A manifest with its id as the external name, like the provider writes it when AWS generates the name. */
function named(manifest: Json, id: unknown): Json {
  const isGiven = ['API', 'Authorizer', 'BucketNotification', 'Route'].includes(String(manifest['kind']));
  const metadata = isObject(manifest['metadata']) ? manifest['metadata'] : {};
  return isGiven
    ? {
        ...manifest,
        metadata: { ...metadata, annotations: { ...Object(metadata['annotations']), [EXTERNAL_NAME]: id } },
      }
    : manifest;
}

/** The provider's message about a missing resource that it can only observe. */
export const ABSENT = 'observe failed: external resource does not exist';

/** Whether a manifest allows the provider only to observe. */
export const isLookedAt = (manifest: Json) =>
  JSON.stringify(at(manifest, 'spec', 'managementPolicies')) === '["Observe"]';

/** The resources that a claim adopts. They exist in AWS before the claim, with the required settings. */
export function standing(claim: Json): Record<string, Json> {
  const spec = completeSpec(claim);
  const bucket = { arn: 'arn:aws:s3:::adopted', bucketRegion: spec.region, versioning: { enabled: true } };
  const table = { arn: 'arn:aws:dynamodb:::table/adopted', hashKey: spec.table.partitionKey };
  return {
    ...(spec.source.adopt && { bucket, notification: { eventbridge: true } }),
    ...(spec.workflow.processImage?.destination.adopt && { 'destination-bucket': bucket }),
    ...(spec.table.adopt && { table: { ...table, streamEnabled: true, streamViewType: 'NEW_IMAGE' } }),
  };
}

/** The observed resource after the provider has created it. If the provider can only observe, it observes what `there` has for the key. */
export function made(key: string, manifest: Json, there: Record<string, Json> = {}): Json {
  const found = isLookedAt(manifest) ? there[key] : atProvider(key, manifest);
  if (found === undefined) return pending(manifest, ABSENT);
  const conditions = [
    condition('Ready', 'True', 'Available'),
    condition('Synced', 'True', 'ReconcileSuccess'),
  ];
  return { ...named(manifest, found['id']), status: { atProvider: found, conditions } };
}

/** The observed resource before the provider has created it, with the provider's message after a failure. */
export function pending(manifest: Json, error?: string): Json {
  const synced = error
    ? condition('Synced', 'False', 'ReconcileError', error)
    : condition('Synced', 'True', 'ReconcileSuccess');
  return { ...manifest, status: { conditions: [condition('Ready', 'False', 'Creating'), synced] } };
}

/**
 * Runs the function until it emits nothing new. Everything that is emitted is created between the runs.
 *
 * @param observed - the observed resources at the beginning
 */
export async function settle(
  claim: Json,
  options: Options = {},
  observed: Observed = {},
): Promise<{ observed: Observed; rendered: Rendered; waves: number }> {
  const there = standing(claim);
  for (let waves = 0; ; waves += 1) {
    const rendered = await render(claim, observed, options);
    const emitted = Object.entries(rendered.resources);
    const next = Object.fromEntries(emitted.map(([key, manifest]) => [key, made(key, manifest, there)]));
    if (rendered.fatal.length > 0 || JSON.stringify(next) === JSON.stringify(observed))
      return { observed, rendered, waves };
    observed = next;
  }
}
