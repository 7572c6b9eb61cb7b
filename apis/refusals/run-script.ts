/** Mistakes in `spec.workflow.runScript` that only the function knows. */
import { creation, type Refusal, type Row, runScript } from './refusal.ts';

const PATH = 'spec.workflow.runScript.instanceType';

const rows: Row[] = [
  [
    'an instance type of another architecture',
    runScript({ network: { publicAddress: true }, instanceType: 't3.small' }),
    `${PATH}: Invalid value: "t3.small": must be of architecture arm64, as the machine image is, but is of x86_64. Change one of them.`,
  ],
  [
    'an architecture of another instance type',
    runScript({ network: { publicAddress: true }, architecture: 'x86_64', instanceType: 'c7gn.large' }),
    `${PATH}: Invalid value: "c7gn.large": must be of architecture x86_64, as the machine image is, but is of arm64. Change one of them.`,
  ],
];

export const RUN_SCRIPT: readonly Refusal[] = rows.map((row) => creation('function', row));
