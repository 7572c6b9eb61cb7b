/**
 * The main job on this machine: a claim becomes a working pipeline on an embedded AWS emulator, files go in, items
 * come out. Options come from the environment: CLAIM, FILES, KEEP, EMULATOR_URL, EMULATOR_PORT.
 */
import { at, type Json, stringAt } from '../function/src/objects.ts';
import { withDefaults } from '../function/src/spec.ts';
import { admit, readClaimFile } from './admission.ts';
import { accountId, type Clients, createClients } from './aws.ts';
import { untilReady, withUid } from './composite.ts';
import { type Emulator, startEmulator } from './emulator.ts';
import { type LocalFile, matches, readFiles } from './files.ts';
import { type FunctionServer, startFunction } from './functionServer.ts';
import { createReconciler, type Reconciler } from './reconciler.ts';
import { bold, dim, green, progressList, since, table } from './report.ts';
import { type Item, readMessages, untilRecorded, upload } from './upload.ts';

interface Options {
  claimPath: string;
  filesPath: string;
  keep: boolean;
  emulatorUrl: string | undefined;
  emulatorPort: number | undefined;
}

/** Options from the environment. An empty one counts as not given. */
function readOptions(env: NodeJS.ProcessEnv): Options {
  const port = env['EMULATOR_PORT'] || undefined;
  if (port !== undefined && !/^\d{1,5}$/.test(port))
    throw new Error(`EMULATOR_PORT=${port} is not a port. Give a number.`);
  const url = env['EMULATOR_URL'] || undefined;
  if (url !== undefined && !/^https?:\/\//.test(url)) {
    throw new Error(`EMULATOR_URL=${url} is not an http(s) URL. Give one such as http://127.0.0.1:4566.`);
  }
  return {
    claimPath: env['CLAIM'] || 'examples/claim.yaml',
    filesPath: env['FILES'] || 'examples/files',
    keep: env['KEEP'] === '1',
    emulatorUrl: url,
    emulatorPort: port === undefined ? undefined : Number(port),
  };
}

function admitted(path: string): Json {
  const result = admit(readClaimFile(path));
  if ('claim' in result) return result.claim;
  throw new Error(`${path} is refused:\n${result.errors.map((error) => `  ${error}`).join('\n')}`);
}

async function assertAnswers(clients: Clients, { emulatorUrl }: Options): Promise<void> {
  await accountId(clients).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    if (emulatorUrl === undefined) throw error;
    throw new Error(
      `EMULATOR_URL=${emulatorUrl} does not answer (${why}). Start the emulator there, or leave EMULATOR_URL out.`,
    );
  });
}

/** What went wrong is in the items themselves: a row for each file, none for others, each with the file's size. */
function check(items: readonly Item[], partitionKey: string, expected: readonly LocalFile[]): void {
  const sizes = new Map(expected.map(({ key, body }) => [key, body.length]));
  for (const item of items) {
    const key = String(item[partitionKey]);
    const size = sizes.get(key);
    if (size === undefined)
      throw new Error(`${key} was recorded, but the claim's prefix and suffixes leave it out`);
    if (item['size'] !== size)
      throw new Error(`${key} was recorded with ${item['size']} bytes, but has ${size}`);
  }
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function showArns(composite: Json): void {
  const { status } = composite;
  const functions = at(status, 'functions');
  const rows: [string, string][] = [
    ['bucket', `arn:aws:s3:::${stringAt(status, 'bucket')}`],
    ['table', stringAt(status, 'table') ?? ''],
    ['state machine', stringAt(status, 'stateMachine') ?? 'none'],
    ...(Array.isArray(functions) ? functions : []).map((one): [string, string] => [
      'function',
      stringAt(one, 'arn') ?? '',
    ]),
    ['dead letters', stringAt(status, 'deadLetterQueue') ?? ''],
    ...strings(at(status, 'logGroups')).map((name): [string, string] => ['logs', name]),
  ];
  for (const [what, value] of rows) console.log(`  ${what.padEnd(14)}${value}`);
}

async function moveFiles(
  composite: Json,
  clients: Clients,
  files: readonly LocalFile[],
  timings: [string, string][],
) {
  const spec = withDefaults(composite['spec']);
  const bucket = stringAt(composite, 'status', 'bucket') ?? '';
  const tableName = stringAt(composite, 'status', 'table') ?? '';
  const partitionKey = stringAt(spec, 'table', 'partitionKey') ?? '';
  const suffixes = at(spec, 'source', 'suffixes');
  const prefix = stringAt(spec, 'source', 'prefix');
  const expected = files.filter(({ key }) =>
    matches(key, prefix, Array.isArray(suffixes) ? suffixes : undefined),
  );
  console.log(
    `\n${bold('Uploading')} ${files.length} files; ${expected.length} match the claim's prefix and suffixes`,
  );
  const start = performance.now();
  await upload(clients, bucket, files);
  const keys = expected.map(({ key }) => key);
  const items = await untilRecorded(clients, tableName, partitionKey, keys, 90_000);
  timings.push(['upload to last item', since(start)]);
  check(items, partitionKey, expected);
  const queue = stringAt(composite, 'status', 'deadLetterQueue');
  const letters = queue === undefined ? [] : await readMessages(clients, queue);
  if (letters.length > 0) throw new Error(`the dead-letter queue is not empty:\n${letters[0]?.Body}`);
  const rows = items
    .map((item) => [partitionKey, 'size', 'recordedAt'].map((name) => item[name] ?? ''))
    .sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
  console.log(`\n${bold(`Table ${tableName}`)}`);
  console.log(table([partitionKey, 'size', 'recordedAt'], rows));
  const others = Object.keys(items[0] ?? {}).filter(
    (name) => ![partitionKey, 'size', 'recordedAt'].includes(name),
  );
  console.log(dim(`each with ${others.join(', ')} too`));
  for (const { key } of files)
    if (!keys.includes(key)) console.log(dim(`not recorded, as the claim asks: ${key}`));
}

async function untilStopped(endpoint: string, region: string): Promise<void> {
  console.log(`\n${bold('KEEP=1')}: everything stays up until you press Ctrl-C. In another terminal:`);
  console.log(
    `  export AWS_ENDPOINT_URL=${endpoint} AWS_REGION=${region} AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test`,
  );
  const alive = setInterval(() => undefined, 60_000);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  clearInterval(alive);
}

async function main(): Promise<void> {
  const options = readOptions(process.env);
  const claim = withUid(admitted(options.claimPath));
  const files = readFiles(options.filesPath);
  const region = stringAt(claim, 'spec', 'region') ?? '';
  const timings: [string, string][] = [];
  const begin = performance.now();
  let emulator: Emulator | undefined;
  let server: FunctionServer | undefined;
  let clients: Clients | undefined;
  let reconciler: Reconciler | undefined;
  try {
    if (!options.emulatorUrl) {
      console.log(dim('Starting the AWS emulator and the function'));
      emulator = await startEmulator({
        region,
        ...(options.emulatorPort !== undefined && { port: options.emulatorPort }),
      });
    }
    server = await startFunction();
    timings.push(['emulator and function', since(begin)]);
    const endpoint = options.emulatorUrl ?? emulator?.endpoint ?? '';
    clients = createClients({ endpoint, region });
    await assertAnswers(clients, options);
    reconciler = createReconciler({ clients });
    console.log(`${bold('Applying')} ${options.claimPath} to ${endpoint}`);
    const start = performance.now();
    const composite = await untilReady({ claim, server, reconciler, onProgress: progressList() });
    timings.push([`${reconciler.observed().size} resources ready`, since(start)]);
    console.log(
      `${green('Ready')}: ${stringAt(claim, 'metadata', 'namespace')}/${stringAt(claim, 'metadata', 'name')}`,
    );
    showArns(composite);
    await moveFiles(composite, clients, files, timings);
    timings.push(['all of it', since(begin)]);
    console.log();
    for (const [what, time] of timings) console.log(`  ${what.padEnd(24)}${time.padStart(8)}`);
    if (options.keep) await untilStopped(endpoint, region);
    if (options.emulatorUrl && !options.keep) {
      await reconciler.deleteAll();
      console.log('Deleted what was made, as far as dataRetention allows.');
    }
  } finally {
    clients?.close();
    await server?.stop();
    await emulator?.stop();
  }
}

main().catch((error: unknown) => {
  console.error(`\nmake run: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
