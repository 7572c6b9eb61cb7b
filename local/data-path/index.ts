/** The data paths of all workflow types. */
import type { Json } from '../../function/src/objects.ts';
import { completeSpec, type Spec } from '../../function/src/spec.ts';
import { custom } from './custom.ts';
import type { DataPath } from './data-path.ts';
import { explained } from './explained.ts';
import { processImage } from './process-image.ts';
import { recordFile } from './record-file.ts';
import { recordMessage } from './record-message.ts';
import { runScript } from './run-script.ts';

const DATA_PATHS: Partial<Record<Spec['workflow']['type'], DataPath>> = {
  RecordFile: recordFile,
  RecordMessage: recordMessage,
  ProcessImage: processImage,
  RunScript: runScript,
};

/** The data path of a claim. Its errors contain the reason. */
export function dataPathOf(claim: Json): DataPath {
  const { type } = completeSpec(claim).workflow;
  const found = type === 'Custom' ? custom(claim) : DATA_PATHS[type];
  if (!found) throw new Error(`${type} has no data path`);
  return explained(found);
}
