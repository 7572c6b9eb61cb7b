/**
 * Reads the platform's defaults from the optional EnvironmentConfig `fileingest`. A claim's own values win.
 * https://docs.crossplane.io/latest/composition/environment-configs/
 */
import { invalid, specError } from './errors.ts';
import type { PipelineStatus } from './generated/api.ts';
import { at, isObject, type Json } from './objects.ts';
import { assertTagKeys } from './tags.ts';

export interface Platform {
  readonly tags: Record<string, string>;
  readonly permissionsBoundaryArn?: string;
  readonly alarmTopicArn?: string;
  readonly allowedRegions?: string[];
  /** The layer with sharp, for the resized images of ProcessImage: a layer version, or a zip for a new one. */
  readonly sharpLayerArn?: string;
  readonly sharpLayer?: { bucket: string; key: string };
  /** Set when the EnvironmentConfig is missing: the values are its last known ones. */
  readonly isMissing?: true;
}

/** The selector for the EnvironmentConfig, in the requirements for Crossplane. */
export const PLATFORM_SELECTOR = {
  apiVersion: 'apiextensions.crossplane.io/v1beta1',
  kind: 'EnvironmentConfig',
  matchName: 'fileingest',
} as const;

const FIELDS = [
  'tags',
  'permissionsBoundaryArn',
  'alarmTopicArn',
  'allowedRegions',
  'sharpLayerArn',
  'sharpLayer',
];
/** The path of one of the EnvironmentConfig's fields, as errors name it. */
export const platformField = (field: string) => `EnvironmentConfig fileingest, data.${field}`;

function stringField(data: Json, field: string): string | undefined {
  const value = data[field];
  if (value === undefined || typeof value === 'string') return value;
  throw specError(invalid(platformField(field), value, 'must be a string. Write one.'));
}

/** An ARN with the same pattern as the claim's own field. */
function arnField(data: Json, field: string, pattern: RegExp, example: string): string | undefined {
  const value = stringField(data, field);
  if (value === undefined || pattern.test(value)) return value;
  throw specError(
    invalid(platformField(field), value, `must be an ARN of its kind. Set one, such as ${example}.`),
  );
}

function tagsField(data: Json): Record<string, string> {
  const value = data['tags'] ?? {};
  if (!isObject(value))
    throw specError(
      invalid(platformField('tags'), value, 'must be a map of strings. Write keys with their values.'),
    );
  const tags: Record<string, string> = {};
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string')
      throw specError(invalid(platformField(`tags.${key}`), text, 'must be a string. Put it in quotes.'));
    tags[key] = text;
  }
  assertTagKeys(tags, (key) => platformField(`tags.${key}`));
  return tags;
}

function regionsField(data: Json): string[] | undefined {
  const value = data['allowedRegions'];
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every((region) => typeof region === 'string')) return value;
  throw specError(
    invalid(
      platformField('allowedRegions'),
      value,
      'must be a list of regions. Write one, such as [eu-west-1].',
    ),
  );
}

function layerField(data: Json): Platform['sharpLayer'] {
  const value = data['sharpLayer'];
  if (value === undefined) return undefined;
  const [bucket, key] = [at(value, 'bucket'), at(value, 'key')];
  if (typeof bucket === 'string' && typeof key === 'string' && bucket !== '' && key !== '')
    return { bucket, key };
  throw specError(
    invalid(
      platformField('sharpLayer'),
      value,
      'must have the bucket and the key of a zip in S3. Give both.',
    ),
  );
}

/**
 * The platform's defaults.
 *
 * @param environmentConfig - the EnvironmentConfig, or undefined when there is none
 * @throws SpecError when a field is unknown or has the wrong type
 */
export function readPlatform(environmentConfig: Json | undefined): Platform {
  const data = environmentConfig?.['data'] ?? {};
  if (!isObject(data))
    throw specError(
      invalid('EnvironmentConfig fileingest, data', data, 'must be a map. Write fields with their values.'),
    );
  const unknown = Object.keys(data).find((field) => !FIELDS.includes(field));
  if (unknown !== undefined) {
    throw specError(
      invalid(platformField(unknown), data[unknown], `unknown field. There are: ${FIELDS.join(', ')}.`),
    );
  }
  const permissionsBoundaryArn = arnField(
    data,
    'permissionsBoundaryArn',
    /^arn:aws[a-z-]*:iam::\d{12}:policy\/.+$/,
    'arn:aws:iam::111122223333:policy/boundary',
  );
  const alarmTopicArn = arnField(
    data,
    'alarmTopicArn',
    /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:.+$/,
    'arn:aws:sns:eu-west-1:111122223333:oncall',
  );
  const sharpLayerArn = arnField(
    data,
    'sharpLayerArn',
    /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:layer:[A-Za-z0-9_-]+:\d+$/,
    'arn:aws:lambda:eu-west-1:111122223333:layer:sharp:1',
  );
  const allowedRegions = regionsField(data);
  const sharpLayer = layerField(data);
  return {
    tags: tagsField(data),
    ...(permissionsBoundaryArn !== undefined && { permissionsBoundaryArn }),
    ...(alarmTopicArn !== undefined && { alarmTopicArn }),
    ...(allowedRegions !== undefined && { allowedRegions }),
    ...(sharpLayerArn !== undefined && { sharpLayerArn }),
    ...(sharpLayer !== undefined && { sharpLayer }),
  };
}

/** The defaults that are stored in the claim's status, for when the EnvironmentConfig is missing. Undefined when there are none. */
export function rememberedPlatform(platform: Platform): PipelineStatus['platform'] {
  const { isMissing: _, allowedRegions: __, tags, ...rest } = platform;
  const remembered = { ...(Object.keys(tags).length > 0 && { tags }), ...rest };
  return Object.keys(remembered).length > 0 ? remembered : undefined;
}

/**
 * The platform's defaults for a claim. When the EnvironmentConfig is deleted, existing roles must keep their permissions boundary. So its
 * last values, from the claim's status, stay in use until there is an EnvironmentConfig again.
 *
 * @throws SpecError like {@link readPlatform}
 */
export function platformFor(environmentConfig: Json | undefined, composite: Json): Platform {
  const told = at(composite, 'status', 'platform');
  if (environmentConfig || !isObject(told)) return readPlatform(environmentConfig);
  return { ...readPlatform({ data: told }), isMissing: true };
}
