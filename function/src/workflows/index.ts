/** All workflow types. */
import type { PipelineSpec } from '../generated/api.ts';
import type { Workflow } from '../workflow.ts';
import { custom } from './custom.ts';
import { processImage } from './processImage.ts';
import { recordFile } from './recordFile.ts';
import { recordMessage } from './recordMessage.ts';
import { runScript } from './runScript.ts';

export const WORKFLOWS: Readonly<Record<PipelineSpec['workflow']['type'], Workflow>> = {
  RecordFile: recordFile,
  RecordMessage: recordMessage,
  ProcessImage: processImage,
  RunScript: runScript,
  Custom: custom,
};
