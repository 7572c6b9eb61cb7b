/**
 * What a row of RunScript holds, and the states it goes through. The upload API writes it, mark-uploaded,
 * launch-instance and the VM move it on, sweep-instances fails what got stuck. The row's id stands in the table's
 * partition key, whatever that is called.
 */

/** The states of a row, in their order; the last two are final. */
export const STATUSES = ['waiting', 'uploaded', 'launched', 'running', 'done', 'failed'] as const;

/** `waiting` for the file, `uploaded`, VM `launched`, script `running`, `done` or `failed`. */
export type Status = (typeof STATUSES)[number];

/**
 * From which states a row may come into one. Every write has it as its condition, so that one delivered again, or one
 * that comes late, changes nothing. A VM can be quicker than the launcher's own write: from `uploaded` to `running`.
 */
export const FROM: Readonly<Record<Status, readonly Status[]>> = {
  waiting: [],
  uploaded: ['waiting'],
  launched: ['uploaded'],
  running: ['uploaded', 'launched'],
  done: ['running'],
  failed: ['uploaded', 'launched', 'running'],
};

/** The attributes beside the partition key. `input_file_path` and `output_file_path` are `<bucket>/<key>`. */
export const ROW_ATTRIBUTES = [
  'input_text',
  'input_file_path',
  'file_name',
  'content_type',
  // Bytes: as announced until the file is there, then as S3 counted them.
  'size',
  'status',
  // Both ISO 8601.
  'created',
  'updated',
  // Seconds since 1970, when the VM must have ended.
  'deadline',
  'instance_id',
  'output_file_path',
  // A sentence for the person who uploaded.
  'error',
] as const;

export type UploadAttribute = (typeof ROW_ATTRIBUTES)[number];

/** Where uploads and outputs are: `uploads/<id>/<file name>` and `outputs/<id>/<file name>`. */
export const INPUT_PREFIX = 'uploads/';
export const OUTPUT_PREFIX = 'outputs/';

/**
 * The key of a file. S3 takes a `$` in a form's policy for the beginning of something else, and the SDK does not escape it:
 * with one in its key, no form would be taken. The row's file_name keeps it.
 * https://github.com/aws/aws-sdk-js-v3/issues/3312
 */
export const inputKey = (id: string, fileName: string): string =>
  `${INPUT_PREFIX}${id}/${fileName.replaceAll('$', '_')}`;

/** What an id is made of: nanoid's alphabet. It goes into keys, tags and user data as it is. */
export const ID = /^[A-Za-z0-9_-]{1,64}$/;

/** Id and file name in a key below `prefix`, or undefined when it is no upload's key. */
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
