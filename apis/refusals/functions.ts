/** Mistakes in `spec.functions` and `spec.observability`. */
import type { Json } from '../../function/src/objects.ts';
import type { Row } from './refusal.ts';

const functions = (fields: Json): Json => ({ functions: fields });
const observability = (fields: Json): Json => ({ observability: fields });

export const FUNCTIONS: readonly Row[] = [
  [
    'memory with its unit',
    functions({ memoryMB: '512Mi' }),
    'spec.functions.memoryMB',
    'must be of type integer',
  ],
  ['too little memory', functions({ memoryMB: 64 }), 'spec.functions.memoryMB', '128'],
  ['too much memory', functions({ memoryMB: 16_384 }), 'spec.functions.memoryMB', '10240'],
  ['memory in the wrong case', functions({ memoryMb: 512 }), 'spec.functions.memoryMb'],
  [
    'a timeout longer than Lambda has',
    functions({ timeoutSeconds: 3600 }),
    'spec.functions.timeoutSeconds',
    '900',
  ],
  ['a timeout of a second', functions({ timeoutSeconds: 1 }), 'spec.functions.timeoutSeconds', '3'],
  [
    'an architecture by its Debian name',
    functions({ architecture: 'amd64' }),
    'spec.functions.architecture',
    'arm64',
    'x86_64',
  ],
  [
    'concurrency that stops everything',
    functions({ reservedConcurrency: 0 }),
    'spec.functions.reservedConcurrency',
    '1',
  ],
  [
    'a retention that CloudWatch lacks',
    observability({ logRetentionDays: 31 }),
    'spec.observability.logRetentionDays',
    '30',
    '60',
  ],
  [
    'logs kept for ever',
    observability({ logRetentionDays: 0 }),
    'spec.observability.logRetentionDays',
    '3653',
  ],
  // logLevel: OFF without quotes.
  [
    'a log level that YAML reads as a boolean',
    observability({ logLevel: false }),
    'spec.observability.logLevel',
    'must be of type string',
  ],
  [
    'a log level of another system',
    observability({ logLevel: 'INFO' }),
    'spec.observability.logLevel',
    'ALL',
    'ERROR',
    'OFF',
  ],
  [
    'execution data in quotes',
    observability({ includeExecutionData: 'true' }),
    'spec.observability.includeExecutionData',
    'must be of type boolean',
  ],
  [
    'tracing by its Lambda name',
    observability({ tracing: 'Active' }),
    'spec.observability.tracing',
    'must be of type boolean',
  ],
  [
    'alarms as a switch',
    observability({ alarms: true }),
    'spec.observability.alarms',
    'must be of type object',
  ],
  [
    'alarms enabled in quotes',
    observability({ alarms: { enabled: 'true' } }),
    'spec.observability.alarms.enabled',
    'must be of type boolean',
  ],
  [
    'a topic by its name',
    observability({ alarms: { enabled: true, topicArn: 'oncall' } }),
    'spec.observability.alarms.topicArn',
    '^arn:aws[a-z-]*:sns:',
  ],
  [
    'a queue for a topic',
    observability({ alarms: { enabled: true, topicArn: 'arn:aws:sqs:eu-west-1:111122223333:oncall' } }),
    'spec.observability.alarms.topicArn',
    '^arn:aws[a-z-]*:sns:',
  ],
];
