/** Mistakes in `spec.workflow`. */
import { WORKFLOW_TYPES } from '../../function/src/generated/api.ts';
import type { Json } from '../../function/src/objects.ts';
import type { Row } from './refusal.ts';

const workflow = (fields: Json): Json => ({ workflow: { type: 'RecordFile', ...fields } });

export const WORKFLOW: readonly Row[] = [
  ['no workflow type', { workflow: { execution: 'Express' } }, 'spec.workflow.type'],
  [
    'a workflow type that does not exist',
    workflow({ type: 'Glacier' }),
    'spec.workflow.type',
    ...WORKFLOW_TYPES,
  ],
  ['a workflow type in kebab case', workflow({ type: 'record-file' }), 'spec.workflow.type', 'RecordFile'],
  ['a workflow by its type only', { workflow: 'RecordFile' }, 'spec.workflow', 'must be of type object'],
  [
    'an execution in lower case',
    workflow({ execution: 'standard' }),
    'spec.workflow.execution',
    'Standard',
    'Express',
    'Direct',
  ],
  [
    'an execution in capitals, as AWS writes it',
    workflow({ execution: 'EXPRESS' }),
    'spec.workflow.execution',
    'Standard',
    'Express',
    'Direct',
  ],
  [
    'a state machine name with a dot',
    workflow({ name: 'record.orders' }),
    'spec.workflow.name',
    '^[A-Za-z0-9_-]+$',
  ],
  ['a state machine name of 81 characters', workflow({ name: 'x'.repeat(81) }), 'spec.workflow.name', '80'],
];
