/**
 * The attributes and states of a RunScript row. The upload API writes the row. mark-uploaded, launch-instance and the VM
 * change its status, and sweep-instances sets stuck rows to `failed`. The table's partition key holds the row's id.
 */

/** The states of a row, in order. The last two are final. */
export const STATUSES = ['waiting', 'uploaded', 'launched', 'running', 'done', 'failed'] as const;

/** A status: `waiting` for the file, `uploaded`, VM `launched`, script `running`, `done` or `failed`. */
export type Status = (typeof STATUSES)[number];

/**
 * The states from which a row can reach each state. Every write has this as its condition, so a repeated or late event
 * changes nothing. A VM can be faster than the launcher's write, so `running` can follow `uploaded`.
 */
export const FROM: Readonly<Record<Status, readonly Status[]>> = {
  waiting: [],
  uploaded: ['waiting'],
  launched: ['uploaded'],
  running: ['uploaded', 'launched'],
  done: ['running'],
  failed: ['uploaded', 'launched', 'running'],
};

/** The attributes besides the partition key. `input_file_path` and `output_file_path` are `<bucket>/<key>`. */
export const ROW_ATTRIBUTES = [
  'input_text',
  'input_file_path',
  'file_name',
  'content_type',
  // In bytes: the announced size, then the size that S3 reports for the file.
  'size',
  'status',
  // Both ISO 8601.
  'created',
  'updated',
  // Seconds since 1970. The VM must terminate before this time.
  'deadline',
  'instance_id',
  'output_file_path',
  // A sentence for the user who uploaded the file.
  'error',
] as const;

/** The name of an attribute besides the partition key. */
export type UploadAttribute = (typeof ROW_ATTRIBUTES)[number];

/** The prefixes of the keys `uploads/<id>/<file name>` and `outputs/<id>/<file name>`. */
export const INPUT_PREFIX = 'uploads/';
export const OUTPUT_PREFIX = 'outputs/';

/**
 * The key of a file. In a form's policy S3 reads `$` as a special character, and the SDK does not escape it, so S3 would
 * reject a form with `$` in the key. The row's file_name keeps the `$`.
 * https://github.com/aws/aws-sdk-js-v3/issues/3312
 */
export const inputKey = (id: string, fileName: string): string =>
  `${INPUT_PREFIX}${id}/${fileName.replaceAll('$', '_')}`;

/** The pattern of an id: nanoid's alphabet. Keys, tags and user data contain the id without escaping. */
export const ID = /^[A-Za-z0-9_-]{1,64}$/;

/** The id and file name in a key with `prefix`, or undefined when it is not the key of an upload. */
export function uploadOf(
  key: string,
  prefix: string = INPUT_PREFIX,
): { id: string; fileName: string } | undefined {
  if (!key.startsWith(prefix)) return undefined;
  const slash = key.indexOf('/', prefix.length);
  const id = key.slice(prefix.length, slash);
  const fileName = key.slice(slash + 1);
  return slash < 0 || !ID.test(id) || fileName === '' ? undefined : { id, fileName };
}
