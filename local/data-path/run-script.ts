/** The data path of RunScript: each file is uploaded with the API's form, a virtual machine runs the script, the output is downloaded. */

import { setTimeout as delay } from 'node:timers/promises';
import { KEYS } from '../../function/src/keys.ts';
import { identityOf } from '../../function/src/names.ts';
import { completeSpec } from '../../function/src/read-spec.ts';
import { messageOf } from '../../tools/errors.ts';
import { eachOf } from '../../tools/parallel.ts';
import type { LocalFile } from '../files.ts';
import { type Machines, startMachines } from '../machines.ts';
import { type Item, readItems } from '../upload.ts';
import { download, functionOf, servedAt, uploadByForm } from '../upload-client.ts';
import { ensureAwsCli } from '../venv.ts';
import { type DataPath, type Given, patienceFor } from './data-path.ts';

type Pipeline = Omit<Given, 'files'>;

/** How many uploads run in parallel: the stand-ins for virtual machines share this machine's processor. */
const AT_ONCE = 4;

const textFor = ({ key }: LocalFile) => `\nThis was appended to ${key}.\n`;

async function untilOver({ parts, clients }: Pipeline, ids: readonly string[]): Promise<Item[]> {
  const end = Date.now() + patienceFor(ids.length);
  for (;;) {
    const rows = (await readItems(clients, parts.table)).filter((row) =>
      ids.includes(String(row[parts.partitionKey])),
    );
    const over = rows.filter(({ status }) => status === 'done' || status === 'failed');
    if (over.length === ids.length) return rows;
    if (Date.now() > end) {
      const left = rows.filter((row) => !over.includes(row));
      const states = left.map((row) => `  ${row['file_name']}: ${row['status']}`);
      throw new Error(`not over in time:\n${states.join('\n')}`);
    }
    await delay(200);
  }
}

/** Starts the stand-in for EC2, which runs the pipeline's virtual machines. The emulator has only their metadata. */
function attend({ claim, parts, clients }: Pipeline): Machines {
  const { namespace, name } = identityOf(claim);
  const launcher = functionOf({ parts }, KEYS.launchInstance);
  return startMachines({ clients, launcher, pipeline: `${namespace}/${name}` });
}

async function withMachines<T>(pipeline: Pipeline, work: () => Promise<T>): Promise<T> {
  const machines = attend(pipeline);
  try {
    const result = await work();
    await machines.stop();
    return result;
  } catch (error) {
    // A virtual machine that fails is the reason for an unfinished row, so both errors are reported.
    await machines.stop().catch((problem: unknown) => {
      if (problem !== error) throw new Error([error, problem].map(messageOf).join('\n'));
    });
    throw error;
  }
}

/** Uploads files and waits until their rows are final. */
async function process(pipeline: Pipeline, files: readonly LocalFile[]): Promise<[LocalFile, string][]> {
  const sent: [LocalFile, string][] = [];
  await eachOf(files, AT_ONCE, async (file) => {
    sent.push([file, await uploadByForm(pipeline, file, textFor(file))]);
  });
  const ids = sent.map(([, id]) => id);
  const failed = (await untilOver(pipeline, ids)).filter(({ status }) => status === 'failed');
  if (failed.length > 0)
    throw new Error(failed.map((row) => `${row['file_name']} failed: ${row['error']}`).join('\n'));
  return sent;
}

/** Checks the output of the default script. The output of another script is not known. */
async function checkOutput(pipeline: Pipeline, file: LocalFile, id: string): Promise<void> {
  const output = await download(pipeline, id);
  const { script, scriptLocation } = completeSpec(pipeline.claim).workflow.runScript ?? {};
  const expected = Buffer.concat([file.body, Buffer.from(textFor(file))]);
  const isRight =
    script === undefined && scriptLocation === undefined ? output.equals(expected) : output.length > 0;
  if (!isRight) throw new Error(`the output of ${file.key} is ${JSON.stringify(output.toString())}`);
}

export const runScript: DataPath = {
  files: 'run-script/files',
  opens: () => [KEYS.apiStage, KEYS.apiAnnounce, KEYS.apiState],

  install: () => ensureAwsCli(),
  attend,

  async first(pipeline) {
    const file = { key: 'first.txt', body: Buffer.from('first') };
    await withMachines(pipeline, () => process(pipeline, [file]));
  },

  async move(given, say) {
    const { parts, clients, files } = given;
    const { table, partitionKey } = parts;
    say(`Uploading ${files.length} files to ${servedAt(parts.url, clients.endpoint)}, each with a text`);
    const sent = await withMachines(given, () => process(given, files));
    await eachOf(sent, AT_ONCE, ([file, id]) => checkOutput(given, file, id));
    const ids = sent.map(([, id]) => id);
    const items = (await readItems(clients, table)).filter((row) => ids.includes(String(row[partitionKey])));
    return {
      sent: `${files.length} files`,
      recorded: items.length,
      items,
      columns: [partitionKey, 'file_name', 'size', 'status', 'output_file_path'],
      notes: ['EC2 is metadata here: what a machine would run ran as a process of this one'],
    };
  },
};
