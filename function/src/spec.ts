/** Completes the spec with defaults, and checks the rules that CEL cannot express. */
import { specError } from './errors.ts';
import { asInEvents, FILTER_CHARACTERS } from './filters.ts';
import { type PipelineSpec, SPEC_DEFAULTS, WORKFLOW_TYPES } from './generated/api.ts';
import { REGION } from './names.ts';
import { at, isObject, type Json } from './objects.ts';
import type { Platform } from './platform.ts';
import { assertTagKeys, mergeTags } from './tags.ts';

/** The spec with the defaults of its type. */
export type Spec = PipelineSpec & {
  workflow: { execution: 'Standard' | 'Express' | 'Direct' };
  table: { partitionKey: string };
};

/** The defaults that depend on the type, which the API server cannot set. The rules of the XRD have the same values. */
const TYPE_DEFAULTS: Record<
  PipelineSpec['workflow']['type'],
  { execution: Spec['workflow']['execution']; partitionKey: string }
> = {
  RecordFile: { execution: 'Standard', partitionKey: 'Filename' },
  RecordMessage: { execution: 'Standard', partitionKey: 'id' },
  ProcessImage: { execution: 'Express', partitionKey: 'Filename' },
  RunScript: { execution: 'Standard', partitionKey: 'id' },
  Custom: { execution: 'Standard', partitionKey: 'id' },
};

interface Defaults {
  readonly default?: unknown;
  readonly properties?: Record<string, Defaults>;
}

/**
 * Sets the same defaults as the API server, for specs that did not pass one (`crossplane composition render`). Null counts as absent,
 * like in the API server.
 */
export function withDefaults(value: unknown, defaults: Defaults = SPEC_DEFAULTS): unknown {
  const here = value ?? defaults.default;
  if (!defaults.properties || !isObject(here)) return here;
  const filled: Json = Object.fromEntries(Object.entries(here).filter(([, inner]) => inner !== null));
  for (const [name, below] of Object.entries(defaults.properties)) {
    const inner = withDefaults(here[name], below);
    if (inner !== undefined) filled[name] = inner;
  }
  return filled;
}

/** Checks the fields that a render requires. The API server checks the whole schema. */
function assertSpec(spec: unknown): asserts spec is PipelineSpec {
  const region = at(spec, 'region');
  if (typeof region !== 'string' || !REGION.test(region)) {
    throw specError('spec.region', region ?? null, 'is not an AWS region. Set one, such as eu-west-1.');
  }
  const type = at(spec, 'workflow', 'type');
  if (!WORKFLOW_TYPES.some((known) => known === type)) {
    throw specError(
      'spec.workflow.type',
      type ?? null,
      `is not a workflow type. Use one of ${WORKFLOW_TYPES.join(', ')}.`,
    );
  }
}

function assertRegionOfArn(field: string, arn: string | undefined, region: string): void {
  const found = arn?.split(':')[3];
  if (found === undefined || found === region) return;
  throw specError(field, arn, `is in ${found}, but the pipeline is in ${region}. Name one in ${region}.`);
}

/** The maximum number of tags. AWS allows 50 for most resources; the provider adds four tags, and we add one. */
const MOST_TAGS = 45;
/** The pattern of a tag's text. https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

function assertTags(spec: PipelineSpec, platform: Platform): void {
  const own = spec.tags ?? {};
  assertTagKeys(own, (key) => `spec.tags.${key}`);
  const tags = Object.entries(mergeTags(platform.tags, own));
  if (tags.length > MOST_TAGS) {
    throw specError(
      'spec.tags',
      tags.length,
      `tags, with the platform's, are more than the ${MOST_TAGS} that AWS has room for. Remove some.`,
    );
  }
  const wrong = tags.flat().find((text) => !TAG_TEXT.test(text));
  if (wrong !== undefined) {
    throw specError(
      'spec.tags',
      wrong,
      'has a character that AWS takes in no tag. Use letters, digits, spaces and _.:/=+-@.',
    );
  }
}

/** Checks the length of the filters. S3 counts encoded characters. A suffix has at most 64 characters and is always short enough. */
function assertFilters({ prefix = '', suffixes = [] }: PipelineSpec['source']): void {
  if (asInEvents(prefix).length > FILTER_CHARACTERS) {
    throw specError(
      'spec.source.prefix',
      prefix,
      `is over ${FILTER_CHARACTERS} characters once it is URL-encoded, as S3 takes it. Shorten it.`,
    );
  }
  for (const [index, suffix] of suffixes.entries()) {
    const encoded = asInEvents(suffix);
    const longer = suffixes.find((other) => other !== suffix && asInEvents(other).endsWith(encoded));
    if (longer !== undefined) {
      throw specError(
        `spec.source.suffixes[${index}]`,
        suffix,
        `ends ${asInEvents(longer)}, as S3 takes ${JSON.stringify(longer)}, and S3 refuses overlapping filters. Remove one of them.`,
      );
    }
  }
}

function assertRules(spec: PipelineSpec, platform: Platform): void {
  const { source, table, observability, region } = spec;
  if (platform.allowedRegions && !platform.allowedRegions.includes(region)) {
    throw specError(
      'spec.region',
      region,
      `is not allowed by the platform. Use one of ${platform.allowedRegions.join(', ')}.`,
    );
  }
  assertRegionOfArn('spec.source.kmsKeyArn', source.kmsKeyArn, region);
  assertRegionOfArn('spec.table.kmsKeyArn', table.kmsKeyArn, region);
  const { layerArn, layer } = spec.workflow.processImage ?? {};
  assertRegionOfArn('spec.workflow.processImage.layerArn', layerArn, region);
  if (spec.workflow.type === 'ProcessImage' && !layerArn && !layer) {
    assertRegionOfArn('EnvironmentConfig fileingest, data.sharpLayerArn', platform.sharpLayerArn, region);
  }
  assertRegionOfArn('spec.observability.alarms.topicArn', observability.alarms.topicArn, region);
  if (observability.alarms.enabled && observability.alarms.topicArn === undefined) {
    assertRegionOfArn('EnvironmentConfig fileingest, data.alarmTopicArn', platform.alarmTopicArn, region);
  }
  assertFilters(source);
  assertTags(spec, platform);
}

/** Adds the block of ProcessImage when it is missing, since the API server sets no defaults inside a missing block. */
function withBlocks(spec: unknown): unknown {
  const workflow = at(spec, 'workflow');
  if (!isObject(spec) || !isObject(workflow) || workflow['type'] !== 'ProcessImage') return spec;
  return { ...spec, workflow: { ...workflow, processImage: workflow['processImage'] ?? {} } };
}

/**
 * A claim's spec with all defaults.
 *
 * @throws SpecError when it lacks a field that a render requires
 */
export function completeSpec(claim: Json): Spec {
  const spec = withDefaults(withBlocks(claim['spec']) ?? {});
  assertSpec(spec);
  const { workflow, table } = spec;
  const { execution, partitionKey } = TYPE_DEFAULTS[workflow.type];
  return {
    ...spec,
    workflow: { ...workflow, execution: workflow.execution ?? execution },
    table: { ...table, partitionKey: table.partitionKey ?? partitionKey },
  };
}

/**
 * The spec of an observed composite resource.
 *
 * @throws SpecError with the field, the value and the fix
 */
export function readSpec(composite: Json, platform: Platform): Spec {
  const spec = completeSpec(composite);
  assertRules(spec, platform);
  return spec;
}
