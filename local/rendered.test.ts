/** Tests every emitted manifest, in every wave of every claim, against the rules of the provider, AWS and Kubernetes. */
import { describe, expect, it } from 'vitest';
import { CATALOGUE, claimOf, made, type Observed, render, settle } from '../function/render.ts';
import { createContext } from '../function/src/create-context.ts';
import { at, isObject, type Json, stringAt } from '../function/src/objects.ts';
import { pipeline } from '../function/src/pipeline.ts';
import { awsNames, KUBERNETES_NAME, LEGAL } from '../function/tests/aws-names.ts';
import { CLAIMS } from '../function/tests/claims.ts';
import { unhandled } from './compare.ts';
import { kinds } from './kinds/index.ts';
import { checkManifest, schemaOf } from './schemas.ts';

const MODELS = '@crossplane-models/provider-upjet-aws';

/** Throws when the provider's generated validator reports an error. */
async function validateModel(manifest: Json): Promise<void> {
  const [apiVersion, kind] = [String(manifest['apiVersion']), String(manifest['kind'])];
  const module: unknown = await import(/* @vite-ignore */ `${MODELS}/${apiVersion}/${kind}`);
  // The class can have another name: `Object` already exists in JavaScript.
  const model = Object.values(isObject(module) ? module : {}).find(
    (one) => typeof one === 'function' && Reflect.get(one, 'kind') === kind,
  );
  if (typeof model !== 'function') throw new Error(`${apiVersion}/${kind} has no model`);
  const instance: { validate(): void } = Reflect.construct(model, [manifest]);
  instance.validate();
}

/** Every manifest of every wave, from nothing to ready. */
async function waves(claim: Json): Promise<Record<string, Json>[]> {
  const found: Record<string, Json>[] = [];
  let observed: Observed = {};
  for (;;) {
    const { resources, compositeReady } = await render(claim, observed);
    found.push(resources);
    if (compositeReady || found.length > 10) return found;
    observed = Object.fromEntries(
      Object.entries(resources).map(([key, manifest]) => [key, made(key, manifest)]),
    );
  }
}

/** The paths of undefined, null or empty values. The provider would drop an empty value, and Crossplane would add it again. */
function holes(value: unknown, path: string): string[] {
  if (value === undefined || value === null) return [path];
  if (typeof value === 'object' && Object.keys(value).length === 0) return [path];
  if (Array.isArray(value)) return value.flatMap((item, index) => holes(item, `${path}[${index}]`));
  return isObject(value)
    ? Object.entries(value).flatMap(([key, inner]) => holes(inner, `${path}.${key}`))
    : [];
}

/** The kind that each reference of the provider points to. */
const LEADS_TO: Record<string, string> = {
  ruleRef: 'Rule',
  apiIdRef: 'API',
  bucketRef: 'Bucket',
  s3BucketRef: 'Bucket',
  roleRef: 'Role',
  roleArnRef: 'Role',
  functionNameRef: 'Function',
  integrationUriRef: 'Function',
  securityGroupIdRef: 'SecurityGroup',
  targetRef: 'Integration',
  resourceIdRef: 'Target',
  scalableDimensionRef: 'Target',
  serviceNamespaceRef: 'Target',
};

/** References to nothing or to the wrong kind. */
function dangling(resources: Record<string, Json>): string[] {
  const kinds = new Map(
    Object.values(resources).map((manifest) => [stringAt(manifest, 'metadata', 'name'), manifest['kind']]),
  );
  return Object.entries(resources).flatMap(([key, manifest]) => {
    const fields = at(manifest, 'spec', 'forProvider');
    if (!isObject(fields)) return [`${key} has no forProvider`];
    return Object.entries(fields)
      .filter(([field]) => /Refs?$/.test(field))
      .filter(([field, ref]) => kinds.get(stringAt(ref, 'name')) !== LEADS_TO[field])
      .map(([field]) => `${key}.${field}`);
  });
}

/** References inside lists. The provider writes the resolved value beside them, and Crossplane removes it again, as it applies a list as a whole. */
function listedReferences(value: unknown, path: string, inList = false): string[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => listedReferences(item, `${path}[${index}]`, true));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    ...(inList && /Refs?$/.test(name) ? [`${path}.${name}`] : []),
    ...listedReferences(inner, `${path}.${name}`, inList && !/Refs$/.test(name)),
  ]);
}

describe.each(Object.keys(CLAIMS))('%s', (name) => {
  const claim = CLAIMS[name] ?? {};

  it('is valid to the provider’s models and schemas, with unknown fields refused', async () => {
    const manifests = (await waves(claim)).flatMap((wave) => Object.values(wave));
    // The smallest pipeline is a state machine with its table.
    expect(manifests.length).toBeGreaterThan(8);
    expect(manifests.flatMap(checkManifest)).toEqual([]);
    for (const manifest of manifests) await validateModel(manifest);
  });

  it('has names that AWS and Kubernetes take', async () => {
    const { resources } = (await settle(claim)).rendered;
    expect(awsNames(resources).filter((one) => !LEGAL[one.kind]?.test(one.name))).toEqual([]);
    const composed = Object.values(resources).map((manifest) => stringAt(manifest, 'metadata', 'name') ?? '');
    expect(composed.filter((one) => !KUBERNETES_NAME.test(one))).toEqual([]);
  });

  it('refers, in every wave, only to what is there by then', async () => {
    expect((await waves(claim)).flatMap(dangling)).toEqual([]);
  });

  it('is built without undefined, null or empty: the wire, AWS or the provider would not keep them', async () => {
    const { observed } = await settle(claim);
    const context = createContext(claim, { tags: {} }, CATALOGUE, observed);
    const built = pipeline(context).map((resource) => ({ [resource.key]: resource.build(context.arns) }));
    expect(holes(built, '')).toEqual([]);
  });

  it('has no reference in an item of a list', async () => {
    const { resources } = (await settle(claim)).rendered;
    const found = Object.entries(resources).flatMap(([key, manifest]) =>
      listedReferences(at(manifest, 'spec', 'forProvider'), key),
    );
    expect(found).toEqual([]);
  });

  it('is in one namespace, region and provider configuration', async () => {
    const { resources } = (await settle(claim)).rendered;
    const all = (...path: string[]) => [
      ...new Set(Object.values(resources).map((one) => stringAt(one, ...path))),
    ];
    expect(all('metadata', 'namespace')).toEqual([at(claim, 'metadata', 'namespace')]);
    expect(all('spec', 'providerConfigRef', 'kind')).toEqual(['ClusterProviderConfig']);
    // IAM is global and has no region.
    expect(all('spec', 'forProvider', 'region').filter(Boolean)).toEqual([at(claim, 'spec', 'region')]);
  });
});

describe('how much is emitted', () => {
  // Each run gets all emitted resources back as observed resources, and Crossplane watches each of them.
  it.each([
    ['claim.yaml', 22, 16],
    ['record-file/direct.yaml', 18, 12],
    ['record-file/production.yaml', 27, 23],
  ])('%s: %i resources in at most %i KB, beside the code', async (name, count, kilobytes) => {
    const { resources } = (await settle(CLAIMS[name] ?? {})).rendered;
    expect(Object.keys(resources)).toHaveLength(count);
    expect(JSON.stringify(resources).length).toBeLessThan(kilobytes * 1024);
  });

  it('the smallest claim is ready after four waves', async () => {
    expect(await waves(CLAIMS['claim.yaml'] ?? {})).toHaveLength(4);
  });
});

describe('what the kinds of the local reconciler handle', () => {
  const definition = { StartAt: 'Done', States: { Done: { Type: 'Succeed' } } };
  const imageUri = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/parse:1';
  const custom = { definition, functions: [{ name: 'parse', imageUri }] };
  const image = claimOf({ region: 'eu-west-1', workflow: { type: 'Custom', custom } });

  /** `forProvider` and `initProvider` of every manifest of a kind, by the kind. */
  async function emitted(): Promise<Map<string, Json[]>> {
    const found = new Map<string, Json[]>();
    for (const claim of [...Object.values(CLAIMS), image]) {
      for (const manifest of Object.values((await settle(claim)).rendered.resources)) {
        const id = `${manifest['apiVersion']} ${manifest['kind']}`;
        const fields = [at(manifest, 'spec', 'forProvider'), at(manifest, 'spec', 'initProvider')];
        found.set(id, [...(found.get(id) ?? []), ...fields.filter(isObject)]);
      }
    }
    return found;
  }

  function has(value: unknown, path: string): boolean {
    const [head = '', ...rest] = path.split('.');
    const inner = at(value, head.replace('[]', ''));
    if (inner === undefined || rest.length === 0) return inner !== undefined;
    return [inner].flat().some((item) => has(item, rest.join('.')));
  }

  it('is what claims emit: no field less, and none more', async () => {
    const all = await emitted();
    const found = kinds.flatMap((kind) => {
      const apiVersion = `${kind.group}/v1beta1`;
      const manifests = all.get(`${apiVersion} ${kind.kind}`) ?? [];
      const schema = schemaOf(apiVersion, kind.kind)?.spec.properties?.['forProvider'];
      const isEmitted = (path: string) => manifests.some((fields) => has(fields, path));
      const { references = [] } = kind;
      const resolved = references.filter(({ from }) => isEmitted(from)).map(({ to }) => to);
      const paths = [
        ...kind.fields.filter((path) => !resolved.includes(path)),
        ...references.map(({ from }) => from),
      ];
      return [
        ...paths
          .filter((path) => !isEmitted(path))
          .map((path) => `${kind.kind}.${path} is emitted by no claim`),
        ...manifests
          .flatMap((fields) => unhandled(kind, schema, fields))
          .map((path) => `${kind.kind}.${path} is not handled`),
      ];
    });
    // Earlier releases emitted it, and tests show why none does now.
    expect(found).toEqual(['Route.authorizerIdRef is emitted by no claim']);
  });
});

it('the checks above find mistakes', async () => {
  const { resources } = (await settle(CLAIMS['claim.yaml'] ?? {})).rendered;
  const queue = resources['dead-letter-queue'] ?? {};
  const wrong = { ...queue, spec: { forProvider: { region: 'eu-west-1', fifo: true } } };
  expect(checkManifest(wrong)).toHaveLength(1);
  await expect(validateModel({ ...queue, spec: { forProvider: { region: 1 } } })).rejects.toThrow(
    'must be string',
  );
  const role = resources['start-workflow-policy'] ?? {};
  expect(dangling({ policy: role })).toEqual(['policy.roleRef']);
});
