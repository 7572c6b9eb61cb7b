/** Mistakes that only the function knows: what depends on another field's value or on the platform's EnvironmentConfig. */
import type { Json } from '../../function/src/objects.ts';
import { creation, many, type Refusal, type Row } from './refusal.ts';

const inFrankfurt = (service: string, rest: string) => `arn:aws:${service}:eu-central-1:111122223333:${rest}`;
const elsewhere = 'must be in eu-west-1, as the pipeline is, but is in eu-central-1. Name one in eu-west-1.';
const data = (field: string) => `EnvironmentConfig fileingest, data.${field}:`;

const claims: Row[] = [
  [
    'a KMS key for the files in another region',
    { source: { kmsKeyArn: inFrankfurt('kms', 'key/files') } },
    'spec.source.kmsKeyArn:',
    elsewhere,
  ],
  [
    'a KMS key for the table in another region',
    { table: { kmsKeyArn: inFrankfurt('kms', 'key/files') } },
    'spec.table.kmsKeyArn:',
    elsewhere,
  ],
  [
    'a topic in another region',
    { observability: { alarms: { enabled: true, topicArn: inFrankfurt('sns', 'oncall') } } },
    'spec.observability.alarms.topicArn:',
    elsewhere,
  ],
  // 512 characters are allowed, and S3 counts them encoded.
  [
    'a prefix longer than S3 takes',
    { source: { prefix: '\u{1f4c4}'.repeat(300) } },
    'spec.source.prefix:',
    'Too long: must have at most 1024 URL-encoded characters, but has 3600. Shorten it.',
  ],
  [
    'a tag with a character that AWS does not take',
    { tags: { 'cost-center': 'a;b' } },
    'spec.tags.cost-center: Invalid value: "a;b":',
    'must have letters, digits, spaces and _.:/=+-@ only. Remove the others.',
  ],
  [
    'a tag twice, in another case',
    { tags: { owner: 'orders', Owner: 'invoices' } },
    'spec.tags.owner:',
    'Duplicate value: "owner": is Owner in another case, and IAM takes them for one key. Remove one of them.',
  ],
  [
    'a tag of the pipeline, in another case',
    { tags: { 'FileIngest.dev/pipeline': 'team-b/orders' } },
    'spec.tags.FileIngest.dev/pipeline:',
    'Forbidden: keys that start with aws:, crossplane- or fileingest.dev/ are reserved, whatever their case. Rename the tag.',
  ],
  [
    'a suffix that S3 finds in another one, encoded',
    { source: { suffixes: ['=', 'D'] } },
    'spec.source.suffixes[1]:',
    'must not be the end of another suffix, since S3 refuses overlapping filters, and takes "=" as %3D. Remove one of them.',
  ],
];

const platforms: [platform: Json, row: Row][] = [
  [
    { allowedRegions: ['eu-central-1', 'eu-north-1'] },
    [
      'a region that the platform does not allow',
      {},
      'spec.region:',
      'Forbidden: the platform does not allow eu-west-1. Use one of eu-central-1, eu-north-1.',
    ],
  ],
  [
    { tags: many(20, (index) => `platform-${index}`) },
    [
      "more tags than AWS takes, with the platform's",
      { tags: many(40, (index) => `claim-${index}`) },
      'spec.tags:',
      "Too many: 60: must have at most 45 tags, the platform's included. Remove some.",
    ],
  ],
  [
    { alarmTopicArn: inFrankfurt('sns', 'oncall') },
    [
      "alarms told to the platform's topic in another region",
      { observability: { alarms: { enabled: true } } },
      data('alarmTopicArn'),
      elsewhere,
    ],
  ],
  [
    { region: 'eu-west-1' },
    [
      'a platform setting that does not exist',
      {},
      data('region'),
      'unknown field. There are: tags, permissionsBoundaryArn, alarmTopicArn, allowedRegions, sharpLayerArn, sharpLayer.',
    ],
  ],
  [
    { tags: ['owner=platform'] },
    ['platform tags as a list', {}, data('tags'), 'must be a map of strings. Write keys with their values.'],
  ],
  [
    { tags: { 'cost-center': 4711 } },
    [
      'a platform tag that YAML reads as a number',
      {},
      data('tags.cost-center'),
      'must be a string. Put it in quotes.',
    ],
  ],
  [
    { permissionsBoundaryArn: { name: 'boundary' } },
    [
      'a platform boundary that is no string',
      {},
      data('permissionsBoundaryArn'),
      'must be a string. Write one.',
    ],
  ],
  [
    { permissionsBoundaryArn: 'boundary' },
    [
      'a platform boundary by its name alone',
      {},
      data('permissionsBoundaryArn'),
      'must be an ARN of its kind. Set one, such as arn:aws:iam::111122223333:policy/boundary.',
    ],
  ],
  [
    { tags: { 'aws:owner': 'platform' } },
    [
      'a platform tag with a reserved key',
      {},
      data('tags.aws:owner'),
      'Forbidden: keys that start with aws:, crossplane- or fileingest.dev/ are reserved, whatever their case. Rename the tag.',
    ],
  ],
  [
    { tags: { team: 'a', TEAM: 'b' } },
    [
      'a platform tag twice, in another case',
      {},
      data('tags.team'),
      'Duplicate value: "team": is TEAM in another case, and IAM takes them for one key. Remove one of them.',
    ],
  ],
  [
    { alarmTopicArn: ['oncall'] },
    ['several platform topics', {}, data('alarmTopicArn'), 'must be a string. Write one.'],
  ],
  [
    { allowedRegions: 'eu-west-1' },
    [
      'one allowed region, not a list',
      {},
      data('allowedRegions'),
      'must be a list of regions. Write one, such as [eu-west-1].',
    ],
  ],
  [
    { sharpLayer: 's3://platform-layers/sharp-arm64.zip' },
    [
      'a platform layer by its address in S3',
      {},
      data('sharpLayer'),
      'must have the bucket and the key of a zip in S3. Give both.',
    ],
  ],
  [
    { sharpLayerArn: 'arn:aws:lambda:eu-west-1:111122223333:layer:sharp' },
    [
      'a platform layer without its version',
      {},
      data('sharpLayerArn'),
      'must be an ARN of its kind. Set one, such as arn:aws:lambda:eu-west-1:111122223333:layer:sharp:1.',
    ],
  ],
];

export const PLATFORM: readonly Refusal[] = [
  ...claims.map((row) => creation('function', row)),
  ...platforms.map(([platform, row]) => ({ ...creation('function', row), platform })),
];
