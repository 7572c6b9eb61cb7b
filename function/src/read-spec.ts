/** The spec with its defaults, and the rules that CEL cannot say. */
import { forbidden, invalid, specError, tooLong, tooMany, unsupported } from './errors.ts';
import { asInEvents, FILTER_CHARACTERS } from './filters.ts';
import { type PipelineSpec, SPEC_DEFAULTS, WORKFLOW_TYPES } from './generated/api.ts';
import { at, isObject, type Json } from './objects.ts';
import { type Platform, platformField } from './platform.ts';
import { REGION, type Spec } from './spec.ts';
import { assertTagKeys, mergeTags } from './tags.ts';
import type { Workflow } from './workflow.ts';
import { WORKFLOWS } from './workflows/index.ts';

interface Defaults {
  default?: unknown;
  properties?: Record<string, Defaults>;
}

/**
 * Fills in what the API server fills in, for specs that never saw one (`crossplane composition render`). A null counts
 * as absent, as it does there.
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

/** The schema is the API server's to check; what no render can do without is checked here again. */
function assertSpec(spec: unknown): asserts spec is PipelineSpec {
  const region = at(spec, 'region');
  if (typeof region !== 'string' || !REGION.test(region)) {
    throw specError(invalid('spec.region', region, 'must be an AWS region. Set one, such as eu-west-1.'));
  }
  const type = at(spec, 'workflow', 'type');
  if (!WORKFLOW_TYPES.some((known) => known === type)) {
    throw specError(unsupported('spec.workflow.type', type, WORKFLOW_TYPES));
  }
}

function assertRegionOfArn(field: string, arn: string | undefined, region: string): void {
  const found = arn?.split(':')[3];
  if (found === undefined || found === region) return;
  throw specError(
    invalid(
      field,
      arn,
      `must be in ${region}, as the pipeline is, but is in ${found}. Name one in ${region}.`,
    ),
  );
}

/** AWS allows 50 tags on most things; the provider adds four of its own, and we one. */
const MOST_TAGS = 45;
/** https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

function assertTags(spec: PipelineSpec, platform: Platform): void {
  const own = spec.tags ?? {};
  assertTagKeys(own, (key) => `spec.tags.${key}`);
  const tags = Object.entries(mergeTags(platform.tags, own));
  if (tags.length > MOST_TAGS) {
    const sizes = { has: tags.length, most: MOST_TAGS, unit: "tags, the platform's included" };
    throw specError(tooMany('spec.tags', sizes));
  }
  for (const [key, value] of tags) {
    const wrong = [key, value].find((text) => !TAG_TEXT.test(text));
    if (wrong === undefined) continue;
    const field = Object.hasOwn(own, key) ? `spec.tags.${key}` : platformField(`tags.${key}`);
    throw specError(
      invalid(field, wrong, 'must have letters, digits, spaces and _.:/=+-@ only. Remove the others.'),
    );
  }
}

/** S3 counts and compares what is encoded. A suffix, of 64 characters at most, is always short enough. */
function assertFilters({ prefix = '', suffixes = [] }: PipelineSpec['source']): void {
  const { length } = asInEvents(prefix);
  if (length > FILTER_CHARACTERS) {
    const sizes = { has: length, most: FILTER_CHARACTERS, unit: 'URL-encoded characters' };
    throw specError(tooLong('spec.source.prefix', sizes));
  }
  for (const [index, suffix] of suffixes.entries()) {
    const encoded = asInEvents(suffix);
    const longer = suffixes.find((other) => other !== suffix && asInEvents(other).endsWith(encoded));
    if (longer !== undefined) {
      throw specError(
        invalid(
          `spec.source.suffixes[${index}]`,
          suffix,
          `must not be the end of another suffix, since S3 refuses overlapping filters, and takes ${JSON.stringify(longer)} as ${asInEvents(longer)}. Remove one of them.`,
        ),
      );
    }
  }
}

function assertRules(spec: PipelineSpec, platform: Platform): void {
  const { source, table, observability, region } = spec;
  if (platform.allowedRegions && !platform.allowedRegions.includes(region)) {
    throw specError(
      forbidden(
        'spec.region',
        `the platform does not allow ${region}. Use one of ${platform.allowedRegions.join(', ')}.`,
      ),
    );
  }
  assertRegionOfArn('spec.source.kmsKeyArn', source.kmsKeyArn, region);
  assertRegionOfArn('spec.table.kmsKeyArn', table.kmsKeyArn, region);
  const { layerArn, layer } = spec.workflow.processImage ?? {};
  assertRegionOfArn('spec.workflow.processImage.layerArn', layerArn, region);
  if (spec.workflow.type === 'ProcessImage' && !layerArn && !layer) {
    assertRegionOfArn(platformField('sharpLayerArn'), platform.sharpLayerArn, region);
  }
  assertRegionOfArn('spec.observability.alarms.topicArn', observability.alarms.topicArn, region);
  if (observability.alarms.enabled && observability.alarms.topicArn === undefined) {
    assertRegionOfArn(platformField('alarmTopicArn'), platform.alarmTopicArn, region);
  }
  assertFilters(source);
  assertTags(spec, platform);
}

/** The settings of a type may be left out as a whole, and the API server fills in nothing below what is not there. */
function withBlocks(spec: unknown): unknown {
  const workflow = at(spec, 'workflow');
  if (!isObject(spec) || !isObject(workflow)) return spec;
  const found: Workflow | undefined = Object.values(WORKFLOWS).find(({ type }) => type === workflow['type']);
  const block = found?.optionalSettings;
  if (block === undefined) return spec;
  return { ...spec, workflow: { ...workflow, [block]: workflow[block] ?? {} } };
}

/**
 * A claim's spec with all defaults.
 *
 * @throws a SpecError where it lacks what no render can do without.
 */
export function completeSpec(claim: Json): Spec {
  const spec = withDefaults(withBlocks(claim['spec']) ?? {});
  assertSpec(spec);
  const { workflow, table } = spec;
  const { executions, partitionKey, holds }: Workflow = WORKFLOWS[workflow.type];
  return {
    ...spec,
    workflow: { ...workflow, execution: workflow.execution ?? executions[0] ?? 'Standard' },
    table: { ...table, partitionKey: table.partitionKey ?? partitionKey, holds },
  };
}

/**
 * The spec of an observed composite resource.
 *
 * @throws a SpecError that names the field, the value and the fix.
 */
export function readSpec(composite: Json, platform: Platform): Spec {
  const spec = completeSpec(composite);
  assertRules(spec, platform);
  return spec;
}
