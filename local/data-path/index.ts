/** The data paths of all workflow types. */
import type { Json } from '../../function/src/objects.ts';
import { completeSpec } from '../../function/src/read-spec.ts';
import type { WorkflowType } from '../../function/src/workflow.ts';
import { custom } from './custom.ts';
import type { DataPath } from './data-path.ts';
import { explained } from './explained.ts';
import { processImage } from './process-image.ts';
import { recordFile } from './record-file.ts';
import { recordMessage } from './record-message.ts';
import { runScript } from './run-script.ts';

const DATA_PATHS: Readonly<Record<WorkflowType, (claim: Json) => DataPath>> = {
  RecordFile: () => recordFile,
  RecordMessage: () => recordMessage,
  ProcessImage: () => processImage,
  RunScript: () => runScript,
  Custom: custom,
};

/** The data path of a claim. Its errors contain the reason. */
export function dataPathOf(claim: Json): DataPath {
  const { type } = completeSpec(claim).workflow;
  return explained(DATA_PATHS[type](claim));
}
