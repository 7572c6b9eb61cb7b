import { transition } from '../shared/transition.ts';
import { ID, OUTPUT_PREFIX } from '../shared/upload-row.ts';
import { DEADLINE_GRACE_MINUTES, MACHINE_GRACE_MINUTES, type VmParameters } from './parameters.ts';
import { STEPS } from './steps.ts';

/** The limit of EC2. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html */
const MAX_BYTES = 16 * 1024;

/**
 * The bash script that a virtual machine runs at its first boot, for one upload. The same parameters give the same text, so
 * a repeated launch request is identical. The script first schedules the termination of the virtual machine. Then it sets
 * the row to `running`, downloads the input and the pipeline's script, runs the script with a time limit, uploads the
 * output, and sets the row to `done`, or to `failed` with the reason. In every case it terminates the virtual machine.
 *
 * The text contains no user input: file name and text are read from the row, and are used only as data.
 *
 * @param id - the upload's id
 * @throws Error when the id is invalid, or when the text is longer than the limit of EC2
 */
export function userData(id: string, parameters: VmParameters): string {
  if (!ID.test(id))
    throw new Error(`${JSON.stringify(id)} is no id of an upload: it must match ${ID.source}`);
  const { region, table, partitionKey, bucket, scriptBucket, scriptKey, timeoutSeconds } = parameters;
  const address = { table, partitionKey, id };
  const settings: Record<string, string> = {
    UPLOAD_ID: id,
    BUCKET: bucket,
    SCRIPT: `s3://${scriptBucket}/${scriptKey}`,
    OUTPUT_PREFIX: `${OUTPUT_PREFIX}${id}/`,
    TIMEOUT_SECONDS: String(timeoutSeconds),
    TIMEOUT: duration(timeoutSeconds),
    MACHINE_MINUTES: String(Math.ceil(timeoutSeconds / 60) + MACHINE_GRACE_MINUTES),
    DEADLINE_SECONDS: String(timeoutSeconds + DEADLINE_GRACE_MINUTES * 60),
    // Formats of printf. The values for %s are already JSON.
    RUNNING: format({
      ...transition(address, 'running', HOLE, { deadline: { N: HOLE } }),
      ReturnValues: 'ALL_NEW',
    }),
    DONE: format(transition(address, 'done', HOLE, { output_file_path: { S: HOLE } })),
    FAILED: format(transition(address, 'failed', HOLE, { error: { S: HOLE } })),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
  };
  const assignments = Object.entries(settings).map(([name, value]) => `${name}=${quoted(value)}`);
  const text = ['#!/bin/bash', ...assignments, STEPS].join('\n');
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_BYTES) throw new Error(`the user data has ${bytes} bytes, and EC2 takes ${MAX_BYTES}`);
  return text;
}

const HOLE = '%s';

/** A text quoted as one word of bash. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A request as a format of printf. Only a value that is exactly `%s` is a placeholder. Other `%` and all `\` are doubled. */
function format(request: object): string {
  return JSON.stringify(request).replaceAll('\\', '\\\\').replaceAll('%', '%%').replaceAll('"%%s"', '"%s"');
}

function duration(seconds: number): string {
  return seconds % 60 === 0 ? `${seconds / 60} minutes` : `${seconds} seconds`;
}
