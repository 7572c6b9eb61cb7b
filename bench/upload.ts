/** The time from sending something to its results, for each workflow type, on the embedded emulator. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { claimOf, readClaim } from '../function/render.ts';
import type { Json } from '../function/src/objects.ts';
import type { WorkflowType } from '../function/src/workflow.ts';
import { WORKFLOWS } from '../function/src/workflows/index.ts';
import { dataPathOf } from '../local/data-path/index.ts';
import { startPipeline } from '../local/pipeline.ts';
import { messageOf } from '../tools/errors.ts';
import { type Row, sampled } from './report.ts';
import { fileToRow, imageToRow, messageToRow, scriptToDone, type Times, type Trip } from './trips.ts';

interface Measured {
  readonly name: string;
  readonly claim: Json;
  readonly trip: Trip;
  /** How often, once the handlers have started. */
  readonly count: number;
}

const IMAGE = join(import.meta.dirname, '..', 'examples/process-image/files/incoming/beach.jpg');

/** A type in each of its executions. */
const inEach = (type: 'RecordFile' | 'RecordMessage', trip: Trip, count: number): Measured[] =>
  WORKFLOWS[type].executions.map((execution) => ({
    name: `${type} ${execution}`,
    claim: claimOf({ region: 'eu-west-1', workflow: { type, execution } }),
    trip,
    count,
  }));

function measured(quick: boolean): Measured[] {
  const files = quick ? 20 : 200;
  const others = files / 2;
  const example = (type: WorkflowType, path: string, trip: Trip, count = others): Measured[] => [
    { name: type, claim: readClaim(path), trip, count },
  ];
  const ofType = {
    RecordFile: inEach('RecordFile', fileToRow, files),
    RecordMessage: inEach('RecordMessage', messageToRow, others),
    ProcessImage: example('ProcessImage', 'process-image/claim.yaml', imageToRow(readFileSync(IMAGE))),
    Custom: example('Custom', 'custom/claim.yaml', fileToRow),
    // A machine of its own each, which takes seconds.
    RunScript: example('RunScript', 'run-script/claim.yaml', scriptToDone, quick ? 2 : 10),
  } satisfies Record<WorkflowType, Measured[]>;
  return Object.values(ofType).flat();
}

/** One thing after the other. The first ones, which start the handlers, are not counted. */
async function timesOf({ claim, trip, count }: Measured): Promise<Times[]> {
  const pipeline = await startPipeline(claim);
  const { composite, clients } = pipeline;
  const attended = dataPathOf(composite).attend?.({ claim: composite, parts: pipeline, clients });
  try {
    const times: Times[] = [];
    for (let sent = 0; sent < Math.ceil(count / 20); sent += 1) await trip(pipeline);
    for (let sent = 0; sent < count; sent += 1) times.push(await trip(pipeline));
    return times;
  } finally {
    await attended?.stop();
    await pipeline.stop();
  }
}

/** p50 and p99 of each workflow type. */
export async function benchUpload(quick: boolean): Promise<Row[]> {
  const rows: Row[] = [];
  for (const one of measured(quick)) {
    const times = await timesOf(one).catch((error: unknown) => {
      throw new Error(`${one.name}: ${messageOf(error)}`);
    });
    for (const what of Object.keys(times[0] ?? {})) {
      const title = `${one.name}, ${what}`;
      const samples = times.map((time) => time[what] ?? Number.NaN);
      rows.push(
        sampled(`${title}: p50`, 'ms', samples),
        sampled(`${title}: p99`, 'ms', samples, undefined, { q: 0.99 }),
      );
    }
  }
  return rows;
}
