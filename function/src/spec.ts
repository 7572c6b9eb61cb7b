/** The spec of a claim, as resource modules and workflows read it. */
import type { PipelineSpec } from './generated/api.ts';

/** The spec with what follows from its type filled in: the API server cannot, and the rules of the XRD say the same. */
export type Spec = PipelineSpec & {
  workflow: { execution: 'Standard' | 'Express' | 'Direct' };
  table: { partitionKey: string /** What the table holds, for its name. */; holds: string };
};

/** A region's name, in any partition; the XRD has the same. */
export const REGION = /^(eusc|[a-z]{2})(-[a-z]+)+-\d$/;
