import { type Environment, optionalDays, requiredChoice, requiredText } from '../shared/env.ts';
import { ConfigurationError, describe } from '../shared/errors.ts';
import { ROW_ATTRIBUTES } from '../shared/upload-row.ts';

const AUTHORIZATIONS = ['None', 'JWT', 'IAM'] as const;

/** Who may call the API: everyone, bearers of an issuer's tokens, or signers of their requests. */
type Authorization = (typeof AUTHORIZATIONS)[number];

/** The settings of the upload API. */
export interface Settings {
  readonly bucket: string;
  readonly tableName: string;
  readonly partitionKey: string;
  /** The largest file, in bytes. */
  readonly maxSize: number;
  /** How long an announced upload can start, and how long a link to a result is valid. */
  readonly expiresSeconds: number;
  /** In lower case; empty when all types are accepted. */
  readonly contentTypes: readonly string[];
  readonly authorization: Authorization;
  /** The attribute by which rows expire, and after how many days. */
  readonly expiry: { readonly attribute: string; readonly days: number } | undefined;
}

// The limit of S3 for one upload: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
const MOST_BYTES = 5 * 1024 ** 3;
// The role's credentials sign, and they can expire after this time.
const MOST_SECONDS = 3_600;

/**
 * Reads the settings from the environment: `BUCKET`, `TABLE_NAME`, `PARTITION_KEY`, `MAX_SIZE_BYTES`,
 * `EXPIRES_SECONDS`, `CONTENT_TYPES` (optional, comma-separated), `AUTHORIZATION` (`None`, `JWT` or `IAM`), and
 * `TTL_ATTRIBUTE` with `EXPIRE_AFTER_DAYS` (both or neither).
 *
 * @throws ConfigurationError when one is missing or wrong
 */
export function settingsFrom(env: Environment): Settings {
  const partitionKey = requiredText(env, 'PARTITION_KEY', "the name of the table's partition key");
  if (ROW_ATTRIBUTES.some((attribute) => attribute === partitionKey)) {
    throw new ConfigurationError(
      `PARTITION_KEY is "${partitionKey}", which is already an attribute of every row: choose another name`,
    );
  }
  const attribute = env['TTL_ATTRIBUTE'] || undefined;
  const days = optionalDays(env, 'EXPIRE_AFTER_DAYS');
  const contentTypes = (env['CONTENT_TYPES'] ?? '').split(',').map((type) => type.trim().toLowerCase());
  return {
    bucket: requiredText(env, 'BUCKET', 'the name of the bucket'),
    tableName: requiredText(env, 'TABLE_NAME', 'the name of the table'),
    partitionKey,
    maxSize: requiredNumber(env, 'MAX_SIZE_BYTES', MOST_BYTES, 'bytes'),
    expiresSeconds: requiredNumber(env, 'EXPIRES_SECONDS', MOST_SECONDS, 'seconds'),
    contentTypes: contentTypes.filter((type) => type !== ''),
    authorization: requiredChoice(env, 'AUTHORIZATION', AUTHORIZATIONS),
    expiry: attribute === undefined || days === undefined ? undefined : { attribute, days },
  };
}

function requiredNumber(env: Environment, name: string, most: number, unit: string): number {
  const what = `a whole number of ${unit} from 1 to ${most}`;
  const value = requiredText(env, name, what);
  const number = /^[1-9][0-9]{0,15}$/.test(value) ? Number(value) : Number.NaN;
  if (!(number <= most)) throw new ConfigurationError(`${name} is ${describe(value)}: set it to ${what}`);
  return number;
}
