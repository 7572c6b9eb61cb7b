/** The registry of workflow types: the compiler asks for each that the XRD lists. */
import type { Workflow, WorkflowType } from '../workflow.ts';
import { custom } from './custom.ts';
import { processImage } from './process-image.ts';
import { recordFile } from './record-file.ts';
import { recordMessage } from './record-message.ts';
import { runScript } from './run-script.ts';

export const WORKFLOWS: { readonly [Type in WorkflowType]: Workflow & { type: Type } } = {
  RecordFile: recordFile,
  RecordMessage: recordMessage,
  ProcessImage: processImage,
  RunScript: runScript,
  Custom: custom,
};
