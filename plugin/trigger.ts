/** The function that each upload invokes. */
import { namesOf } from '../function/src/names.ts';
import type { Target } from './target.ts';

/** The key of that function: a test compares it with what the workflow types plan. Undefined where nothing is uploaded. */
export function triggerKey({ spec }: Pick<Target, 'spec'>): string | undefined {
  const { type, execution, custom } = spec.workflow;
  if (type === 'RecordMessage' || (type === 'Custom' && custom?.trigger !== 'Upload')) return undefined;
  if (type === 'RunScript') return 'mark-uploaded';
  return type === 'RecordFile' && execution === 'Direct' ? 'record-file' : 'start-workflow';
}

/** The name of that function in AWS; undefined where nothing is uploaded, or the status does not name it yet. */
export function triggerFunction(target: Target): string | undefined {
  const key = triggerKey(target);
  if (key === undefined) return undefined;
  const name = namesOf(target.identity, target.spec).of('function', key);
  return target.functions.find((one) => one === name);
}
