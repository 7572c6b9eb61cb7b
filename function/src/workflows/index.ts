/** Lists all workflow types. */
import type { PipelineSpec } from '../generated/api.ts';
import type { Workflow } from '../workflow.ts';
import { custom } from './custom.ts';
import { processImage } from './process-image.ts';
import { recordFile } from './record-file.ts';
import { recordMessage } from './record-message.ts';
import { runScript } from './run-script.ts';

export const WORKFLOWS: Readonly<Record<PipelineSpec['workflow']['type'], Workflow>> = {
  RecordFile: recordFile,
  RecordMessage: recordMessage,
  ProcessImage: processImage,
  RunScript: runScript,
  Custom: custom,
};
