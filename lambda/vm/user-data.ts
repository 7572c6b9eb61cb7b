import { transition } from '../shared/transition.ts';
import { ID, OUTPUT_PREFIX } from '../shared/upload-row.ts';
import { DEADLINE_GRACE_MINUTES, MACHINE_GRACE_MINUTES, type VmParameters } from './parameters.ts';
import { STEPS } from './steps.ts';

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html */
const MAX_BYTES = 16 * 1024;

/**
 * The bash script that a machine runs at its first boot, for one upload. The same parameters give the same text, so
 * that a launch that is repeated is the same launch. It schedules the machine's end before all else, marks the row
 * `running`, fetches the input and the pipeline's script, runs it under a time limit, uploads its output and marks the
 * row `done`, or `failed` with the reason; and ends the machine in every case.
 *
 * Nothing that a person typed is in it: file name and text are read from the row, and only ever used as data.
 *
 * @param id of the upload
 * @throws Error for an id that is none, or when the text is more than EC2 takes
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
    // Formats of printf: each %s is filled in with text that is already JSON.
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

/** A text as one word of bash, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A request as a format of printf. Only a hole is a whole text `%s`: a percent in a name is doubled, a backslash too. */
function format(request: object): string {
  return JSON.stringify(request).replaceAll('\\', '\\\\').replaceAll('%', '%%').replaceAll('"%%s"', '"%s"');
}

function duration(seconds: number): string {
  return seconds % 60 === 0 ? `${seconds / 60} minutes` : `${seconds} seconds`;
}
