/** From sending something to what comes of it, for each workflow type, on the embedded emulator. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { claimOf, readClaim } from '../function/render.ts';
import type { Json } from '../function/src/objects.ts';
import { dataPathOf } from '../local/data-path/index.ts';
import { startPipeline } from '../local/pipeline.ts';
import { messageOf } from '../tools/errors.ts';
import type { Section } from './report.ts';
import { quantile, summarise } from './stats.ts';
import { fileToRow, imageToRow, messageToRow, scriptToDone, type Times, type Trip } from './trips.ts';

interface Measured {
  readonly name: string;
  readonly claim: Json;
  readonly trip: Trip;
  /** How often, once the handlers have started. */
  readonly count: number;
}

const IMAGE = join(import.meta.dirname, '..', 'examples/process-image/files/incoming/beach.jpg');

const ofType = (type: string, execution: string): Json =>
  claimOf({ region: 'eu-west-1', workflow: { type, execution } });

function measured(quick: boolean): Measured[] {
  const files = quick ? 20 : 200;
  const others = files / 2;
  return [
    ...['Standard', 'Express', 'Direct'].map((execution) => ({
      name: `RecordFile ${execution}`,
      claim: ofType('RecordFile', execution),
      trip: fileToRow,
      count: files,
    })),
    ...['Standard', 'Express'].map((execution) => ({
      name: `RecordMessage ${execution}`,
      claim: ofType('RecordMessage', execution),
      trip: messageToRow,
      count: others,
    })),
    {
      name: 'ProcessImage',
      claim: readClaim('process-image/claim.yaml'),
      trip: imageToRow(readFileSync(IMAGE)),
      count: others,
    },
    { name: 'Custom', claim: readClaim('custom/claim.yaml'), trip: fileToRow, count: others },
    // A machine of its own each, which takes seconds.
    {
      name: 'RunScript',
      claim: readClaim('run-script/claim.yaml'),
      trip: scriptToDone,
      count: quick ? 2 : 10,
    },
  ];
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
export async function benchUpload(quick: boolean): Promise<Section> {
  const section: Section = { name: 'upload', against: '', rows: [], samples: {} };
  for (const one of measured(quick)) {
    const times = await timesOf(one).catch((error: unknown) => {
      throw new Error(`${one.name}: ${messageOf(error)}`);
    });
    for (const what of Object.keys(times[0] ?? {})) {
      const title = `${one.name}, ${what}`;
      const samples = times.map((time) => time[what] ?? Number.NaN);
      for (const [quantileName, q] of [['p50', 0.5] as const, ['p99', 0.99] as const])
        section.rows.push({ name: `${title}: ${quantileName}`, unit: 'ms', subject: quantile(samples, q) });
      section.samples[`${title}, ms`] = summarise(samples);
    }
  }
  return section;
}
