/** Mistakes in `spec.workflow.runScript`. */
import { type Row, runScript, SMALLEST_OF } from './refusal.ts';

const network = (fields: object) => runScript({ network: { publicAddress: true, ...fields } });

export const RUN_SCRIPT_FIELDS: readonly Row[] = [
  ['an empty script', runScript({ script: '' }), 'spec.workflow.runScript.script', 'at least 1'],
  [
    'a script of 65,537 characters',
    runScript({ script: '#'.repeat(65_537) }),
    'spec.workflow.runScript.script',
    '65536',
  ],
  [
    'a script as a list of commands',
    runScript({ script: ['#!/bin/bash', 'true'] }),
    'spec.workflow.runScript.script',
    'must be of type string',
  ],
  [
    'a script location without its bucket',
    runScript({ scriptLocation: { key: 'append.sh' } }),
    'spec.workflow.runScript.scriptLocation.bucket',
  ],
  [
    'a script location without its key',
    runScript({ scriptLocation: { bucket: 'my-scripts' } }),
    'spec.workflow.runScript.scriptLocation.key',
  ],
  [
    'a script location by its address in S3',
    runScript({ scriptLocation: 's3://my-scripts/append.sh' }),
    'spec.workflow.runScript.scriptLocation',
    'must be of type object',
  ],
  [
    'a script that may run for no time',
    runScript({ timeoutMinutes: 0 }),
    'spec.workflow.runScript.timeoutMinutes',
    '1',
  ],
  [
    'a script that may run for two days',
    runScript({ timeoutMinutes: 2880 }),
    'spec.workflow.runScript.timeoutMinutes',
    '1440',
  ],
  [
    'a time limit with its unit',
    runScript({ timeoutMinutes: '15m' }),
    'spec.workflow.runScript.timeoutMinutes',
    'must be of type integer',
  ],
  [
    'a machine architecture by its kernel name',
    runScript({ architecture: 'aarch64' }),
    'spec.workflow.runScript.architecture',
    'arm64',
    'x86_64',
  ],
  [
    'an instance type without its size',
    runScript({ instanceType: 't4g' }),
    'spec.workflow.runScript.instanceType',
    '^[a-z0-9-]+[.][a-z0-9-]+$',
  ],
  [
    'an image by its id',
    runScript({ imageParameter: 'ami-0123456789abcdef0' }),
    'spec.workflow.runScript.imageParameter',
    '^/[A-Za-z0-9_./-]+$',
  ],
  ['a disk of 4 GB', runScript({ volumeGB: 4 }), 'spec.workflow.runScript.volumeGB', '8'],
  ['a disk of 2,000 GB', runScript({ volumeGB: 2000 }), 'spec.workflow.runScript.volumeGB', '1024'],
  [
    'a disk with its unit',
    runScript({ volumeGB: '8Gi' }),
    'spec.workflow.runScript.volumeGB',
    'must be of type integer',
  ],
  [
    'a script without network',
    { ...SMALLEST_OF.RunScript, workflow: { type: 'RunScript', runScript: {} } },
    'spec.workflow.runScript.network',
  ],
  [
    'a VPC by its name',
    network({ vpcId: 'default', subnetId: 'subnet-0a1b2c3d' }),
    'spec.workflow.runScript.network.vpcId',
    '^vpc-[0-9a-f]+$',
  ],
  [
    'a subnet by its name',
    network({
      vpcId: 'vpc-0a1b2c3d',
      subnetId: 'private-a',
    }),
    'spec.workflow.runScript.network.subnetId',
    '^subnet-[0-9a-f]+$',
  ],
  [
    'several subnets',
    network({ vpcId: 'vpc-0a1b2c3d', subnetIds: ['subnet-0a1b2c3d'] }),
    'spec.workflow.runScript.network.subnetIds',
  ],
  [
    'a public address in quotes',
    network({ publicAddress: 'true' }),
    'spec.workflow.runScript.network.publicAddress',
    'must be of type boolean',
  ],
];
