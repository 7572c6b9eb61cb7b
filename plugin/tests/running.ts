/** The plugin as people call it, on a pipeline that runs on the embedded emulator. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { claimOf } from '../../function/render.ts';
import type { Json } from '../../function/src/objects.ts';
import { type Pipeline, startPipeline } from '../../local/pipeline.ts';
import { upload } from '../../local/upload.ts';
import { buildPlugin } from '../build.ts';

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly pipeline: Pipeline;
  /** A folder for the files of the test. */
  readonly folder: string;
  /** Runs the plugin with the claim in a file, as after `make run KEEP=1`. */
  fip(...args: readonly string[]): Promise<Ended>;
  /** The same, and `during` gets every piece of its standard output, and what sends it a signal. */
  watched(
    args: readonly string[],
    during: (stdout: string, kill: (signal: NodeJS.Signals) => void) => void,
  ): Promise<Ended>;
  /** Uploads files whose content is their key. */
  put(...keys: readonly string[]): Promise<void>;
  /** From now on the state machine writes to a table that is not there, until `mend`. */
  break(): Promise<void>;
  mend(): Promise<void>;
  /** How many dead letters there are, with those that are hidden. */
  letters(): Promise<number>;
  untilLetters(number: number): Promise<void>;
  stop(): Promise<void>;
}

/** What differs from run to run, under one name. */
export const steady = (text: string): string =>
  text
    .replaceAll(/20\d\d-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'ID')
    .replaceAll(/-[0-9a-f]{8}\b(?!-)/g, '-UID');

/** Starts a pipeline and builds the plugin for it. */
export async function startRunning(spec: Json): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'fip-'));
  await buildPlugin(join(folder, 'kubectl-fip'));
  const pipeline = await startPipeline(claimOf({ region: 'eu-west-1', ...spec }), {
    asyncRetryBaseSeconds: 1,
    asyncRetryMaxSeconds: 1,
    waitScale: 0.01,
  });
  writeFileSync(join(folder, 'claim.json'), JSON.stringify(pipeline.composite));
  const { clients, bucket, table, stateMachine, deadLetterQueue } = pipeline;
  const watched: Running['watched'] = (args, during) =>
    new Promise((resolve) => {
      const child = spawn(
        process.execPath,
        [join(folder, 'kubectl-fip'), ...args, '--from', join(folder, 'claim.json')],
        {
          cwd: folder,
          env: {
            AWS_ENDPOINT_URL: clients.endpoint,
            AWS_ACCESS_KEY_ID: 'test',
            AWS_SECRET_ACCESS_KEY: 'test',
          },
        },
      );
      let [stdout, stderr] = ['', ''];
      child.stdout.on('data', (chunk) => {
        stdout += chunk;
        during(stdout, (signal) => child.kill(signal));
      });
      child.stderr.on('data', (chunk) => (stderr += chunk));
      child.once('close', (code) => resolve({ code, stdout, stderr }));
    });
  const letters = async () => {
    const { Attributes = {} } = await clients.sqs.getQueueAttributes({
      QueueUrl: deadLetterQueue,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    });
    return Object.values(Attributes).reduce((sum, number) => sum + Number(number), 0);
  };
  const definitionWith = async (from: string, to: string) => {
    const { definition = '' } = await clients.sfn.describeStateMachine({ stateMachineArn: stateMachine });
    await clients.sfn.updateStateMachine({
      stateMachineArn: stateMachine,
      definition: definition.replaceAll(`"${from}"`, `"${to}"`),
    });
  };
  return {
    pipeline,
    folder,
    fip: (...args) => watched(args, () => {}),
    watched,
    put: (...keys) =>
      upload(
        clients,
        bucket,
        keys.map((key) => ({ key, body: Buffer.from(key) })),
      ),
    break: () => definitionWith(table, `${table}-gone`),
    mend: () => definitionWith(`${table}-gone`, table),
    letters,
    untilLetters: (number) =>
      vi.waitFor(
        async () => {
          const found = await letters();
          if (found !== number) throw new Error(`${found} dead letters, not ${number}`);
        },
        { timeout: 90_000, interval: 200 },
      ),
    async stop() {
      await pipeline.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
