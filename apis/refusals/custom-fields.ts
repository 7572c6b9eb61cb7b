/** Mistakes in `spec.workflow.custom`. */
import type { Json } from '../../function/src/objects.ts';
import { custom, customFunction, many, type Row } from './refusal.ts';

const code = { bucket: 'orders-code', key: 'parse.zip', sha256: 'a'.repeat(64) };
const read = { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::orders/*'] };
const image = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/parse:1';

/** Mistakes in policy statements, which the state machine may have and each function. */
function statements(of: string, path: string, specOf: (policyStatements: unknown) => Json): Row[] {
  const one = (fields: Json) => specOf([{ ...read, ...fields }]);
  return [
    [`${of}: one statement, not a list`, specOf(read), path],
    [`${of}: 21 statements`, specOf(Array.from({ length: 21 }, () => read)), path, '20'],
    [`${of}: no actions`, specOf([{ resources: read.resources }]), `${path}[0].actions`],
    [`${of}: every action there is`, one({ actions: ['*'] }), `${path}[0].actions[0]`, '^[a-z0-9-]+:'],
    [
      `${of}: an action without its service`,
      one({ actions: ['s3:GetObject', 'PutObject'] }),
      `${path}[0].actions[1]`,
      '^[a-z0-9-]+:',
    ],
    [`${of}: no resources`, specOf([{ actions: read.actions }]), `${path}[0].resources`],
    [`${of}: no resources in the list`, one({ resources: [] }), `${path}[0].resources`, 'at least 1'],
    [
      `${of}: one resource, not a list`,
      one({ resources: '*' }),
      `${path}[0].resources`,
      'must be of type array',
    ],
    [
      `${of}: a condition without its operator`,
      one({ conditions: { 'aws:SourceAccount': '111122223333' } }),
      `${path}[0].conditions`,
      'must be of type object',
    ],
    [
      `${of}: a condition with several values`,
      one({ conditions: { StringEquals: { account: ['111122223333', '444455556666'] } } }),
      `${path}[0].conditions`,
      'must be of type string',
    ],
    [`${of}: an effect, which is always Allow`, one({ effect: 'Deny' }), `${path}[0].effect`],
  ];
}

export const CUSTOM_FIELDS: readonly Row[] = [
  [
    'no definition',
    { workflow: { type: 'Custom', custom: { trigger: 'None' } } },
    'spec.workflow.custom.definition',
  ],
  [
    'a definition as JSON text',
    custom({ definition: '{"StartAt": "Done"}' }),
    'spec.workflow.custom.definition',
    'must be of type object',
  ],
  [
    'a trigger that does not exist',
    custom({ trigger: 'Schedule' }),
    'spec.workflow.custom.trigger',
    'Upload',
    'None',
  ],
  [
    'functions as a map',
    custom({ functions: { parse: { imageUri: image } } }),
    'spec.workflow.custom.functions',
  ],
  [
    '11 functions',
    custom({
      functions: Array.from({ length: 11 }, (_, index) => ({ name: `parse-${index}`, imageUri: image })),
    }),
    'spec.workflow.custom.functions',
    '10',
  ],
  [
    'two functions of one name',
    custom({
      functions: [
        { name: 'parse', imageUri: image },
        { name: 'parse', imageUri: image },
      ],
    }),
    'spec.workflow.custom.functions[1]',
    '{"name":"parse"}',
  ],
  [
    'a function without a name',
    custom({ functions: [{ imageUri: image }] }),
    'spec.workflow.custom.functions[0].name',
  ],
  [
    'a function name in capitals',
    customFunction({ name: 'parseOrders' }),
    'spec.workflow.custom.functions[0].name',
    '^[a-z][a-z0-9-]*[a-z0-9]$',
  ],
  [
    'a function name of 21 characters',
    customFunction({ name: 'x'.repeat(21) }),
    'spec.workflow.custom.functions[0].name',
    '20',
  ],
  [
    'a runtime by its name on the web',
    customFunction({ runtime: 'Node.js 24' }),
    'spec.workflow.custom.functions[0].runtime',
    '^[a-z]+[a-z0-9.]*$',
  ],
  [
    'an empty handler',
    customFunction({ handler: '' }),
    'spec.workflow.custom.functions[0].handler',
    'at least 1',
  ],
  [
    'code by its address in S3',
    customFunction({ code: 's3://orders-code/parse.zip' }),
    'spec.workflow.custom.functions[0].code',
    'must be of type object',
  ],
  [
    'code in a bucket of 2 characters',
    customFunction({ code: { ...code, bucket: 'or' } }),
    'spec.workflow.custom.functions[0].code.bucket',
    'at least 3',
  ],
  [
    'code without its key',
    customFunction({ code: { bucket: code.bucket, sha256: code.sha256 } }),
    'spec.workflow.custom.functions[0].code.key',
  ],
  [
    'code without its digest',
    customFunction({ code: { bucket: code.bucket, key: code.key } }),
    'spec.workflow.custom.functions[0].code.sha256',
  ],
  [
    'a digest in base64, as Lambda shows it',
    customFunction({ code: { ...code, sha256: '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' } }),
    'spec.workflow.custom.functions[0].code.sha256',
    '^[0-9a-f]{64}$',
  ],
  [
    'a container image of another registry',
    custom({ functions: [{ name: 'parse', imageUri: 'ghcr.io/example/parse:1' }] }),
    'spec.workflow.custom.functions[0].imageUri',
    '[.]dkr[.]ecr[.]',
  ],
  [
    'a container image without tag or digest',
    custom({ functions: [{ name: 'parse', imageUri: image.replace(/:1$/, '') }] }),
    'spec.workflow.custom.functions[0].imageUri',
    '[.]dkr[.]ecr[.]',
  ],
  [
    'a function with too little memory',
    customFunction({ memoryMB: 64 }),
    'spec.workflow.custom.functions[0].memoryMB',
    '128',
  ],
  [
    'a function that may run for an hour',
    customFunction({ timeoutSeconds: 3600 }),
    'spec.workflow.custom.functions[0].timeoutSeconds',
    '900',
  ],
  [
    'an environment variable that YAML reads as a number',
    customFunction({ environment: { BATCH_SIZE: 10 } }),
    'spec.workflow.custom.functions[0].environment.BATCH_SIZE',
    'must be of type string',
  ],
  [
    'environment variables as a list',
    customFunction({ environment: [{ name: 'TABLE', value: 'orders' }] }),
    'spec.workflow.custom.functions[0].environment',
  ],
  [
    '51 environment variables',
    customFunction({ environment: many(51, (index) => `KEY_${index}`) }),
    'spec.workflow.custom.functions[0].environment',
    '50',
  ],
  ...statements('function', 'spec.workflow.custom.functions[0].policyStatements', (policyStatements) =>
    customFunction({ policyStatements }),
  ),
  ...statements('state machine', 'spec.workflow.custom.policyStatements', (policyStatements) =>
    custom({ policyStatements }),
  ),
];
