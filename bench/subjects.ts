/** The function and the echo, built alike, and what both are asked. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RunFunctionResponse, Severity } from '@crossplane-org/function-sdk-typescript';
import { build } from 'esbuild';
import { BUNDLE_OPTIONS } from '../function/build.ts';
import { type FunctionServer, startFunction } from '../local/function-server.ts';
import { type Sample, sampleRequests } from './requests.ts';

const ROOT = join(import.meta.dirname, '..');
/** Everything that a run makes, in the ignored folder. */
export const WORK = join(ROOT, '.cache', 'bench');
/** The function as it ships. */
export const DIST = join(ROOT, 'dist', 'function');

export interface Subjects {
  readonly samples: Sample[];
  startEcho(): Promise<FunctionServer>;
}

/** Starts a server for as long as `work` takes. */
export async function withServer<T>(
  start: () => Promise<FunctionServer>,
  work: (server: FunctionServer) => Promise<T>,
): Promise<T> {
  const server = await start();
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

function assertRendered(state: string, bytes: Buffer): void {
  const { results, desired } = RunFunctionResponse.decode(bytes);
  const fatal = results.find(({ severity }) => severity === Severity.SEVERITY_FATAL);
  if (fatal) throw new Error(`the function refuses the claim in the state "${state}": ${fatal.message}`);
  if (Object.keys(desired?.resources ?? {}).length === 0) {
    throw new Error(`the function emits nothing in the state "${state}"`);
  }
}

let prepared: Promise<Subjects> | undefined;

/** The echo and the requests, made by the first benchmark that needs them. */
export const subjects = (): Promise<Subjects> => {
  prepared ??= prepareSubjects();
  return prepared;
};

/**
 * Builds the echo, asks the function once for each response that the echo is to give, and makes sure that both now answer with the
 * same bytes. The echo is bundled as the function is: the two differ in what they do, not in how they were made.
 *
 * @throws when `dist/function` was not built, a claim is refused, or the answers differ.
 */
async function prepareSubjects(): Promise<Subjects> {
  const responses = join(WORK, 'responses');
  const echo = join(WORK, 'echo.js');
  rmSync(responses, { recursive: true, force: true });
  mkdirSync(responses, { recursive: true });
  await build({ ...BUNDLE_OPTIONS, entryPoints: [join(import.meta.dirname, 'echo.ts')], outfile: echo });
  const samples = await sampleRequests(join(DIST, 'handlers'));
  const startEcho = () => startFunction(echo, [responses]);
  await withServer(startFunction, async (subject) => {
    for (const { state, request } of samples) {
      const response = await subject.runEncoded(request);
      assertRendered(state, response);
      writeFileSync(join(responses, `${state}.bin`), response);
    }
    await withServer(startEcho, async (baseline) => {
      for (const { state, request } of samples) {
        const [ours, theirs] = [await subject.runEncoded(request), await baseline.runEncoded(request)];
        if (!ours.equals(theirs)) throw new Error(`the echo answers "${state}" with other bytes`);
      }
    });
  });
  return { samples, startEcho };
}

/** Starts one of each for as long as `work` takes. */
export async function withServers<T>(
  work: (subject: FunctionServer, baseline: FunctionServer) => Promise<T>,
): Promise<T> {
  const { startEcho } = await subjects();
  return withServer(startFunction, (subject) => withServer(startEcho, (baseline) => work(subject, baseline)));
}
