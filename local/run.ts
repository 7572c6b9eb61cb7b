/**
 * Runs the main job on this machine: makes a claim a working pipeline on an embedded AWS emulator, uploads files and shows the
 * items. Options come from environment variables: CLAIM, FILES, KEEP, EMULATOR_URL, EMULATOR_PORT.
 */

import { join } from 'node:path';
import { admit, readClaimFile } from '../apis/admission.ts';
import { KEYS } from '../function/src/keys.ts';
import { at, type Json, stringAt } from '../function/src/objects.ts';
import { messageOf } from '../tools/errors.ts';
import { bold, dim, green, printable, since, untilStopped } from '../tools/terminal.ts';
import { writeObjects } from '../tools/yaml.ts';
import { accountId, createClients } from './aws.ts';
import { untilReady, withUid } from './composite.ts';
import { dataPathOf } from './data-path/index.ts';
import { readFiles } from './files.ts';
import { findCli, KEPT_CLAIM, keptLines } from './keep.ts';
import { readOptions } from './options.ts';
import { partsOf } from './parts.ts';
import { startStage } from './pipeline.ts';
import { platformFor } from './platform.ts';
import { progressList } from './progress.ts';
import type { Reconciler } from './reconciler.ts';
import { moveAndShow } from './show-moved.ts';
import { servedAt } from './upload-client.ts';
import { ensureEmulator } from './venv.ts';

type Stage = Awaited<ReturnType<typeof startStage>>;

function admitted(path: string): Json {
  const result = admit(readClaimFile(path));
  if ('claim' in result) return result.claim;
  throw new Error(`${path} is refused:\n${result.errors.map((error) => `  ${error}`).join('\n')}`);
}

/** Checks that the user's own emulator answers, before anything is applied to it. */
async function assertAnswers(endpoint: string, region: string): Promise<void> {
  const clients = createClients({ endpoint, region });
  try {
    await accountId(clients);
  } catch (error) {
    const why = messageOf(error);
    throw new Error(
      `EMULATOR_URL=${endpoint} does not answer (${why}). Start the emulator there, or leave EMULATOR_URL out.`,
    );
  } finally {
    clients.close();
  }
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function showArns(composite: Json, reconciler: Reconciler, endpoint: string): void {
  const { status } = composite;
  const url = stringAt(status, 'url');
  const functions = at(status, 'functions');
  const rows: [string, string][] = [
    ...[KEYS.bucket, KEYS.destinationBucket, KEYS.table].map((key): [string, string] => [
      key.replace('-', ' '),
      stringAt(reconciler.observed().get(key), 'status', 'atProvider', 'arn') ?? '',
    ]),
    ['page', url === undefined ? '' : `${servedAt(url, endpoint)}/`],
    ['state machine', stringAt(status, 'stateMachine') ?? 'none'],
    ...(Array.isArray(functions) ? functions : []).map((one): [string, string] => [
      'function',
      stringAt(one, 'arn') ?? '',
    ]),
    ['dead letters', stringAt(status, 'deadLetterQueue') ?? ''],
    ...strings(at(status, 'logGroups')).map((name): [string, string] => ['logs', name]),
  ];
  for (const [what, value] of rows) if (value !== '') console.log(`  ${what.padEnd(20)}${value}`);
}

/** Prints an error on standard error and sets the exit status. */
function sayFailed(error: unknown): void {
  const message = messageOf(error);
  console.error(`\nmake run: ${message.split('\n').map(printable).join('\n')}`);
  process.exitCode = 1;
}

/** Makes a claim ready and shows its resources. */
async function makeReady(claim: Json, stage: Stage, timings: [string, string][]): Promise<Json> {
  const { clients, server, reconciler } = stage;
  const start = performance.now();
  const environment = await platformFor(claim, clients);
  const onProgress = progressList();
  const composite = await untilReady({ claim, server, reconciler, environment, onProgress });
  timings.push([`${reconciler.observed().size} resources ready`, since(start)]);
  console.log(
    `${green('Ready')}: ${stringAt(claim, 'metadata', 'namespace')}/${stringAt(claim, 'metadata', 'name')}`,
  );
  showArns(composite, reconciler, clients.endpoint);
  return composite;
}

async function main(): Promise<void> {
  const options = readOptions(process.env);
  const claim = withUid(admitted(options.claimPath));
  const path = dataPathOf(claim);
  const filesPath = options.filesPath ?? `examples/${path.files}`;
  const files = readFiles(filesPath);
  const region = stringAt(claim, 'spec', 'region') ?? '';
  const timings: [string, string][] = [];
  if (!options.emulatorUrl) await ensureEmulator();
  await path.install?.();
  const begin = performance.now();
  if (!options.emulatorUrl) console.log(dim('Starting the AWS emulator and the function'));
  const port = options.emulatorPort !== undefined ? { port: options.emulatorPort } : {};
  const stage = await startStage(region, port, options.emulatorUrl);
  const { clients, reconciler, stop } = stage;
  const { endpoint } = clients;
  timings.push(['emulator and function', since(begin)]);
  let composite: Json | undefined;
  try {
    if (options.emulatorUrl) await assertAnswers(options.emulatorUrl, region);
    console.log(`${bold('Applying')} ${options.claimPath} to ${endpoint}`);
    try {
      composite = await makeReady(claim, stage, timings);
      await moveAndShow({ claim, parts: partsOf(composite), clients, files }, timings);
      timings.push(['all of it', since(begin)]);
      console.log();
      for (const [what, time] of timings) console.log(`  ${what.padEnd(24)}${time.padStart(8)}`);
    } catch (error) {
      // A rejected claim has no resources to inspect.
      if (!options.keep || reconciler.observed().size === 0) throw error;
      sayFailed(error);
    }
    if (options.keep) {
      const parts = composite && partsOf(composite);
      const attended = parts && path.attend?.({ claim, parts, clients });
      const sent = files.map(({ key }) => ({ path: join(filesPath, key), key }));
      const cli = await findCli();
      const claimFile = composite && (await writeObjects(KEPT_CLAIM, [composite]));
      await untilStopped(keptLines({ endpoint, region, cli, composite, claimFile, files: sent }));
      await attended?.stop();
    }
    if (options.emulatorUrl && !options.keep) {
      await reconciler.deleteAll();
      console.log('Deleted all resources, except those that dataRetention keeps.');
    }
  } finally {
    await stop();
  }
}

main().catch(sayFailed);
