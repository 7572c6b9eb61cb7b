/** The function and the echo, built alike, and what both are asked. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RunFunctionResponse, Severity } from '@crossplane-org/function-sdk-typescript';
import { build } from 'esbuild';
import { BUNDLE_OPTIONS } from '../function/build.ts';
import { type Sample, sampleRequests } from './requests.ts';
import { type Server, startServer } from './server.ts';

const ROOT = join(import.meta.dirname, '..');
/** Everything that a run makes, in the ignored folder. */
export const WORK = join(ROOT, '.cache', 'bench');
/** The function as it ships. */
export const DIST = join(ROOT, 'dist', 'function');

export interface Subjects {
  readonly samples: Sample[];
  startFunction(): Promise<Server>;
  startEcho(): Promise<Server>;
}

/** The echo is bundled as the function is: the two differ in what they do, not in how they were made. */
async function bundleEcho(outfile: string): Promise<void> {
  await build({ ...BUNDLE_OPTIONS, entryPoints: [join(import.meta.dirname, 'echo.ts')], outfile });
}

function assertRendered(state: string, bytes: Buffer): void {
  const { results, desired } = RunFunctionResponse.decode(bytes);
  const fatal = results.find(({ severity }) => severity === Severity.SEVERITY_FATAL);
  if (fatal) throw new Error(`the function refuses the claim in the state "${state}": ${fatal.message}`);
  if (Object.keys(desired?.resources ?? {}).length === 0) {
    throw new Error(`the function emits nothing in the state "${state}"`);
  }
}

/**
 * Builds the echo, asks the function once for each response that the echo is to give, and makes sure that both now answer with the
 * same bytes.
 *
 * @throws when `dist/function` was not built, a claim is refused, or the answers differ.
 */
export async function prepareSubjects(): Promise<Subjects> {
  const responses = join(WORK, 'responses');
  const echo = join(WORK, 'echo.js');
  rmSync(responses, { recursive: true, force: true });
  mkdirSync(responses, { recursive: true });
  await bundleEcho(echo);
  const samples = await sampleRequests(join(DIST, 'handlers'));
  const startFunction = () => startServer(join(DIST, 'main.js'));
  const startEcho = () => startServer(echo, [responses]);
  const subject = await startFunction();
  try {
    for (const { state, request } of samples) {
      const response = await subject.run(request);
      assertRendered(state, response);
      writeFileSync(join(responses, `${state}.bin`), response);
    }
    const baseline = await startEcho();
    try {
      for (const { state, request } of samples) {
        const [ours, theirs] = [await subject.run(request), await baseline.run(request)];
        if (!ours.equals(theirs)) throw new Error(`the echo answers "${state}" with other bytes`);
      }
    } finally {
      await baseline.stop();
    }
  } finally {
    await subject.stop();
  }
  return { samples, startFunction, startEcho };
}

/** Starts one of each for as long as `work` takes. */
export async function withServers(
  { startFunction, startEcho }: Subjects,
  work: (subject: Server, baseline: Server) => Promise<void>,
): Promise<void> {
  const subject = await startFunction();
  try {
    const baseline = await startEcho();
    try {
      await work(subject, baseline);
    } finally {
      await baseline.stop();
    }
  } finally {
    await subject.stop();
  }
}
