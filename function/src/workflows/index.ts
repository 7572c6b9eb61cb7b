/** All workflow types. */
import type { PipelineSpec } from '../generated/api.ts';
import type { Workflow } from '../workflow.ts';
import { recordFile } from './recordFile.ts';

export const WORKFLOWS: Readonly<Record<PipelineSpec['workflow']['type'], Workflow>> = {
  RecordFile: recordFile,
};
