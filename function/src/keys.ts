/** Composition resource names that more than one file names. What only one file names stands there. */

export const KEYS = {
  api: 'api',
  apiAnnounce: 'api-announce',
  apiStage: 'api-stage',
  apiState: 'api-state',
  bucket: 'bucket',
  codeBucket: 'code-bucket',
  deadLetterQueue: 'dead-letter-queue',
  destinationBucket: 'destination-bucket',
  launchInstance: 'launch-instance',
  script: 'script',
  startWorkflow: 'start-workflow',
  stateMachine: 'state-machine',
  table: 'table',
  uploadApi: 'upload-api',
  vm: 'vm',
  vmEgress: 'vm-egress',
  vmProfile: 'vm-profile',
  vmTemplate: 'vm-template',
} as const;

/** The role of a function, a state machine or virtual machines, by the key of what it is for. */
export const roleKey = (key: string) => `${key}-role`;

/** What that role may do. */
export const policyKey = (key: string) => `${key}-policy`;
