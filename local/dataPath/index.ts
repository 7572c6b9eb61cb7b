/** All workflow types' data paths. */
import type { Json } from '../../function/src/objects.ts';
import { completeSpec, type Spec } from '../../function/src/spec.ts';
import { custom } from './custom.ts';
import type { DataPath } from './dataPath.ts';
import { explained } from './explained.ts';
import { processImage } from './processImage.ts';
import { recordFile } from './recordFile.ts';
import { recordMessage } from './recordMessage.ts';
import { runScript } from './runScript.ts';

const DATA_PATHS: Partial<Record<Spec['workflow']['type'], DataPath>> = {
  RecordFile: recordFile,
  RecordMessage: recordMessage,
  ProcessImage: processImage,
  RunScript: runScript,
};

/** The data path of a claim. What it throws says why. */
export function dataPathOf(claim: Json): DataPath {
  const { type } = completeSpec(claim).workflow;
  const found = type === 'Custom' ? custom(claim) : DATA_PATHS[type];
  if (!found) throw new Error(`${type} has no data path`);
  return explained(found);
}
