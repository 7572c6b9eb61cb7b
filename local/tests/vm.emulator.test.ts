import { NoSuchKey } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Status } from '../../lambda/shared/upload-row.ts';
import { DEFAULT_SCRIPT } from '../../lambda/vm/default-script.ts';
import type { VmParameters } from '../../lambda/vm/parameters.ts';
import { userData } from '../../lambda/vm/user-data.ts';
import { type Clients, createClients } from '../aws.ts';
import { type Emulator, startEmulator } from '../emulator.ts';
import { runUserData } from '../vm.ts';

// The user data itself, run for real: bash, the AWS CLI, an emulator of AWS. Only `shutdown` is a stand-in.

const PARAMETERS: VmParameters = {
  region: 'eu-west-1',
  table: 'uploads',
  partitionKey: 'id',
  bucket: 'files',
  scriptBucket: 'code',
  scriptKey: 'script.sh',
  timeoutSeconds: 900,
};

let emulator: Emulator;
let clients: Clients;

beforeAll(async () => {
  emulator = await startEmulator({ region: 'eu-west-1' });
  clients = createClients(emulator);
  for (const Bucket of ['files', 'code']) await clients.s3.createBucket({ Bucket });
  for (const key of ['id', `it's "the" %s key\\`]) {
    await clients.dynamodb.createTable({
      TableName: key === 'id' ? 'uploads' : 'odd',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: key, AttributeType: 'S' }],
      KeySchema: [{ AttributeName: key, KeyType: 'HASH' }],
    });
  }
});

afterAll(async () => {
  clients?.close();
  await emulator?.stop();
});

interface Upload {
  readonly fileName?: string;
  /** Of the row, where it is another than the key's. */
  readonly rowName?: string;
  readonly text?: string;
  /** Null: there is no such object. */
  readonly file?: string | Uint8Array | null;
  readonly script?: string | null;
  readonly status?: Status;
  readonly contentType?: string;
}

let uploads = 0;

/** Puts an upload and its script there, runs its machine, and tells what came of it. */
async function run(upload: Upload, changes: Partial<VmParameters> = {}) {
  const { fileName = 'report.txt', text = ' and text', file = 'content', script = DEFAULT_SCRIPT } = upload;
  const id = `upload-${++uploads}_A`;
  const parameters = { ...PARAMETERS, scriptKey: `scripts/${id}.sh`, ...changes };
  const { table: TableName, partitionKey } = parameters;
  const Key = `uploads/${id}/${fileName}`;
  if (file !== null) await clients.s3.putObject({ Bucket: 'files', Key, Body: Buffer.from(file) });
  if (script !== null) {
    const Body = script;
    await clients.s3.putObject({ Bucket: 'code', Key: parameters.scriptKey, Body });
  }
  const Item = {
    [partitionKey]: { S: id },
    status: { S: upload.status ?? 'launched' },
    updated: { S: '2026-01-02T03:04:05.678Z' },
    input_file_path: { S: `files/${Key}` },
    ...(text === '' ? {} : { input_text: { S: text } }),
    ...(upload.rowName === undefined ? {} : { file_name: { S: upload.rowName } }),
    ...(upload.contentType === undefined ? {} : { content_type: { S: upload.contentType } }),
  };
  await clients.dynamodb.putItem({ TableName, Item });

  const outcome = await runUserData(userData(id, parameters), { endpoint: emulator.endpoint });

  const { Item: row } = await clients.dynamodb.getItem({ TableName, Key: { [partitionKey]: { S: id } } });
  const outputKey = `outputs/${id}/${upload.rowName ?? fileName}`;
  return { ...outcome, id, row, outputKey, output: await objectAt(outputKey), console: outcome.output };
}

async function objectAt(Key: string): Promise<{ body: Buffer; type: string | undefined } | undefined> {
  try {
    const { Body, ContentType } = await clients.s3.getObject({ Bucket: 'files', Key });
    return { body: Buffer.from((await Body?.transformToByteArray()) ?? []), type: ContentType };
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

const ENDS = ['-P +20', '-P now'];

describe.concurrent('user data with the default script', () => {
  test('appends the text, uploads the output, and saves where it is', async () => {
    const before = Math.floor(Date.now() / 1000);
    const { row, output, outputKey, shutdowns, console, id } = await run({ contentType: 'text/plain' });

    expect(console).toContain('upload: ./output to s3://files/outputs/');
    expect(output).toEqual({ body: Buffer.from('content and text'), type: 'text/plain' });
    expect(row).toEqual({
      id: { S: id },
      status: { S: 'done' },
      updated: { S: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) },
      deadline: { N: expect.stringMatching(/^\d+$/) },
      input_file_path: { S: `files/uploads/${id}/report.txt` },
      input_text: { S: ' and text' },
      content_type: { S: 'text/plain' },
      output_file_path: { S: `files/${outputKey}` },
    });
    const started = Number(row?.['deadline']?.N) - 1500;
    expect(started).toBeGreaterThanOrEqual(before);
    expect(started).toBeLessThanOrEqual(Date.now() / 1000);
    expect(shutdowns).toEqual(ENDS);
  });

  test.each([
    { why: 'quotes', fileName: `it's "quoted".txt` },
    { why: 'bash in the name', fileName: '$(touch pwned) `id` $HOME ; shutdown -r now #.txt' },
    { why: 'unicode', fileName: 'Grüße 東京 🚚.txt' },
    { why: 'an option', fileName: '--help' },
    { why: 'percents, backslashes, wildcards', fileName: '%s %d \\n * ? [a] 100%25.txt' },
    { why: 'a new line and a tab', fileName: 'two\nlines\tof a name.txt' },
    { why: 'slashes', fileName: 'a/b/../c.txt' },
    { why: 'the longest', fileName: `${'x'.repeat(980)}.txt` },
  ])('a file name is data: $why', async ({ fileName }) => {
    const { row, output, outputKey, shutdowns } = await run({ fileName });

    expect(output?.body.toString()).toBe('content and text');
    expect(row?.['output_file_path']).toEqual({ S: `files/${outputKey}` });
    expect(row?.['status']).toEqual({ S: 'done' });
    expect(shutdowns).toEqual(ENDS);
  });

  test.each([
    { why: 'bash and quotes', text: `"; $(shutdown -r now) \`id\` '"'"' \\ %s %n` },
    { why: 'new lines at both ends', text: '\n\r\n\tbetween\n\n' },
    { why: 'unicode and control characters', text: 'é 東京 🚚 \u0000\u0001\u001b[31m\u007f\u2028' },
    { why: 'none', text: '' },
    { why: 'more than bash takes as a variable', text: 'ab\n'.repeat(100_000) },
  ])('a text is data: $why', async ({ text }) => {
    const { output, shutdowns } = await run({ text });

    expect(output?.body.equals(Buffer.from(`content${text}`))).toBe(true);
    expect(shutdowns).toEqual(ENDS);
  });

  test.each([
    { why: 'empty', file: '' },
    { why: '20 MiB of any bytes', file: Buffer.alloc(20 * 1024 * 1024, '\u0000\r\n\u00ff') },
  ])('a file is data: $why', async ({ file }) => {
    const { output } = await run({ file, text: 'end' });

    expect(output?.body.equals(Buffer.concat([Buffer.from(file), Buffer.from('end')]))).toBe(true);
    expect(output?.type).toBe('application/octet-stream');
  });

  test('the output has the name of the row, which may have what a key has not', async () => {
    const { row, output, outputKey } = await run({ fileName: '_5.txt', rowName: '$5.txt' });

    expect(output?.body.toString()).toBe('content and text');
    expect(row?.['output_file_path']).toEqual({ S: `files/${outputKey}` });
  });

  test('a partition key and a table of any name', async () => {
    const { row } = await run({}, { table: 'odd', partitionKey: `it's "the" %s key\\` });

    expect(row?.['status']).toEqual({ S: 'done' });
  });
});

describe.concurrent('what a script of the team finds', () => {
  test('paths, names, the region, and no input to read', async () => {
    const script = `
      cat
      { echo "$FILE_NAME"; echo "$UPLOAD_ID"; echo "$BUCKET"; echo "$AWS_REGION"; pwd | sed 's#.*/##'
        wc -c <"$INPUT_FILE"; wc -c <"$INPUT_TEXT_FILE"; aws s3 ls "s3://$BUCKET/uploads/$UPLOAD_ID/" | wc -l
      } >"$OUTPUT_FILE"`;
    const { output, id } = await run({ script, fileName: 'a b.txt' });

    expect(output?.body.toString()).toBe(`a b.txt\n${id}\nfiles\neu-west-1\nscript-work\n7\n9\n1\n`);
  });
});

describe.concurrent('a script of another make', () => {
  test.each([
    {
      why: 'in Python',
      script: '#!/usr/bin/env python3\nimport os\nprint(7 // 2, file=open(os.environ["OUTPUT_FILE"], "w"))\n',
      says: '3\n',
    },
    {
      why: 'written on Windows',
      script: 'set -eu\r\ncat "$INPUT_FILE" >"$OUTPUT_FILE"\r\n',
      says: 'content',
    },
  ])('$why', async ({ script, says }) => {
    const { output, row } = await run({ script });

    expect(row?.['error']).toBeUndefined();
    expect(output?.body.toString()).toBe(says);
  });
});

describe.concurrent('user data when something fails', () => {
  test.each([
    {
      why: "the script's own time limit is over",
      upload: { script: 'set -e\necho fetching >&2\ntimeout 1 sleep 5\ncat "$INPUT_FILE" >"$OUTPUT_FILE"\n' },
      error: 'The script failed with exit code 124. Last output:\nfetching',
    },
    {
      why: 'the script is for a program that is not there',
      upload: { script: '#!/usr/bin/perl7 -w\nprint 1' },
      error:
        'The first line of the script names /usr/bin/perl7, which is not installed on the virtual machine: use an installed program.',
    },
    {
      why: 'the script ends what runs it',
      upload: { script: 'echo bye >&2; kill -9 $PPID; sleep 1' },
      error: 'The program that runs the script was ended before the script was finished. Last output:\nbye',
    },
    {
      why: 'the script fails',
      upload: { script: 'echo begun; for i in {1..12}; do echo "line $i of \\"two\\"" >&2; done; exit 3' },
      error:
        'The script failed with exit code 3. Last output:\n' +
        [3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((i) => `line ${i} of "two"`).join('\n'),
    },
    {
      why: 'the script says nothing',
      upload: { script: 'exit 1' },
      error: 'The script failed with exit code 1.',
    },
    {
      why: 'the script says too much, in no known encoding',
      upload: { script: `head -c 5000 /dev/zero | tr '\\0' '\\377' >&2; exit 1` },
      error: `The script failed with exit code 1. Last output:\n${'\ufffd'.repeat(1000)}`,
    },
    {
      why: 'the script is no bash',
      upload: { script: 'if then' },
      error: /^The script failed with exit code 2\. Last output:\n\S+script\.sh: line 1: syntax error/,
    },
    {
      why: 'the script hangs',
      upload: { script: 'echo waiting >&2; sleep 600 & wait' },
      changes: { timeoutSeconds: 2 },
      error: 'The script did not end within 2 seconds and was stopped. Last output:\nwaiting',
    },
    {
      why: 'the script is killed',
      upload: { script: 'kill -9 $$' },
      error: 'The script was killed (SIGKILL): most likely the virtual machine ran out of memory.',
    },
    {
      why: 'the script writes no output',
      upload: { script: 'true' },
      error: 'The script succeeded, but did not write its output to $OUTPUT_FILE.',
    },
    {
      why: 'the file is gone',
      upload: { file: null },
      error: /^The uploaded file could not be downloaded\. Message from AWS:\nfatal error: .*\(404\)/,
    },
    {
      why: 'the script is gone',
      upload: { script: null },
      error:
        /^The script of this pipeline could not be downloaded\. Message from AWS:\nfatal error: .*\(404\)/,
    },
  ])('$why: the row says so, and the machine ends', async ({ upload, changes, error }) => {
    const { row, output, shutdowns, code } = await run(upload, changes);

    expect(row?.['error']?.S).toEqual(typeof error === 'string' ? error : expect.stringMatching(error));
    expect(row?.['status']).toEqual({ S: 'failed' });
    expect(row?.['output_file_path']).toBeUndefined();
    expect(output).toBeUndefined();
    expect(shutdowns.at(-1)).toBe('-P now');
    expect(code).toBe(1);
  });

  test('there is nowhere to put the output', async () => {
    const { row, shutdowns } = await run({}, { bucket: 'gone' });

    expect(row?.['error']?.S).toMatch(
      /^The output could not be uploaded\. Message from AWS:\n.*NoSuchBucket/,
    );
    expect(shutdowns).toEqual(ENDS);
  });

  test.each(['waiting', 'running', 'done', 'failed'] as const)(
    'a row that is %s is left alone, and the machine ends',
    async (status) => {
      const { row, output, shutdowns } = await run({ status });

      expect(row?.['status']).toEqual({ S: status });
      expect(output).toBeUndefined();
      expect(shutdowns).toEqual(ENDS);
    },
  );

  test('a machine that is quicker than its launcher works', async () => {
    const { row } = await run({ status: 'uploaded' });

    expect(row?.['status']).toEqual({ S: 'done' });
  });
});
