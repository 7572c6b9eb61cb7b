/** Mistakes in `spec.workflow.runScript` that only the function knows. */
import { creation, type Refusal, type Row, runScript } from './refusal.ts';

const PATH = 'spec.workflow.runScript.instanceType';

const rows: Row[] = [
  [
    'an instance type of another architecture',
    runScript({ network: { publicAddress: true }, instanceType: 't3.small' }),
    `${PATH}: "t3.small" is of architecture x86_64, and the machine image of arm64. Change one of them.`,
  ],
  [
    'an architecture of another instance type',
    runScript({ network: { publicAddress: true }, architecture: 'x86_64', instanceType: 'c7gn.large' }),
    `${PATH}: "c7gn.large" is of architecture arm64, and the machine image of x86_64. Change one of them.`,
  ],
];

export const RUN_SCRIPT: readonly Refusal[] = rows.map((row) => creation('function', row));
