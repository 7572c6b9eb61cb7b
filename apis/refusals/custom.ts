/** Mistakes in `spec.workflow.custom` that only the function knows: in the state machine, and in what it needs. */
import type { Json } from '../../function/src/objects.ts';
import { creation, custom, type Refusal, type Row } from './refusal.ts';

const PATH = 'spec.workflow.custom';
const machine = (States: Json): Json => ({ definition: { StartAt: Object.keys(States)[0], States } });
const end: Json = { Type: 'Pass', End: true };
const put = (Parameters: Json): Json => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::dynamodb:putItem',
  Parameters,
  End: true,
});

const rows: Row[] = [
  [
    'a definition without states',
    custom({ definition: { Comment: 'later' } }),
    `${PATH}.definition.States`,
    'must have at least one state',
  ],
  [
    'a Next that leads nowhere',
    custom(machine({ First: { Type: 'Pass', Next: 'Secnd' }, Second: end })),
    `${PATH}.definition.States.First.Next`,
    'Did you mean Second?',
    'is reached from no state',
  ],
  [
    'a state machine that never ends',
    custom(machine({ Here: { Type: 'Pass', Next: 'There' }, There: { Type: 'Pass', Next: 'Here' } })),
    `${PATH}.definition.States`,
    'never ends',
  ],
  [
    'a substitution with a slip',
    custom(machine({ Put: put({ TableName: `\${Table.Nmae}`, Item: {} }) })),
    `${PATH}.definition.States.Put.Parameters.TableName`,
    'Did you mean Table.Name?',
  ],
  [
    'an expression that is not JSONata',
    custom(machine({ Say: { ...end, QueryLanguage: 'JSONata', Output: '{% $states.input. %}' } })),
    `${PATH}.definition.States.Say.Output`,
    'is not JSONata',
  ],
  [
    'a field of the other query language',
    custom(machine({ Say: { ...end, QueryLanguage: 'JSONata', ResultPath: '$.said' } })),
    `${PATH}.definition.States.Say.ResultPath`,
    'Use Output',
  ],
  [
    'a table that only the execution knows',
    custom(machine({ Put: put({ 'TableName.$': '$.table', Item: {} }) })),
    `${PATH}.definition.States.Put.Parameters.TableName.$`,
    'allow dynamodb:PutItem in spec.workflow.custom.policyStatements',
  ],
  [
    'an environment that Lambda does not take',
    custom({
      ...machine({ Here: end }),
      functions: [
        {
          name: 'parse',
          runtime: 'nodejs24.x',
          handler: 'index.handler',
          code: { bucket: 'artifacts', key: 'parse.zip', sha256: 'a'.repeat(64) },
          environment: { ONE: 'x'.repeat(4096) },
        },
      ],
    }),
    `${PATH}.functions[0].environment`,
    'Too long: must have at most 4096 bytes',
  ],
  [
    'a service whose permissions are not derived',
    custom(machine({ Run: { Type: 'Task', Resource: 'arn:aws:states:::glue:startJobRun', End: true } })),
    `${PATH}.definition.States.Run.Resource`,
    'Allow glue:StartJobRun in spec.workflow.custom.policyStatements',
  ],
  [
    'a number of DynamoDB that YAML takes for a boolean',
    custom(machine({ Put: put({ TableName: 'orders', Item: { size: { false: '1' } } }) })),
    `${PATH}.definition.States.Put.Parameters.Item.size.false`,
    'in quotes',
  ],
  [
    'a number of DynamoDB that is no string',
    custom(machine({ Put: put({ TableName: 'orders', Item: { retries: { N: 0 } } }) })),
    `${PATH}.definition.States.Put.Parameters.Item.retries.N`,
    'Write "0" in quotes',
  ],
  [
    'an argument with a slip',
    custom(machine({ Put: put({ TableName: 'orders', Item: {}, ConditionExpresion: 'true' }) })),
    `${PATH}.definition.States.Put.Parameters.ConditionExpresion`,
    'Did you mean ConditionExpression?',
  ],
  [
    'an optimized integration that does not exist',
    custom(machine({ Look: { Type: 'Task', Resource: 'arn:aws:states:::dynamodb:query', End: true } })),
    `${PATH}.definition.States.Look.Resource`,
    'arn:aws:states:::aws-sdk:dynamodb:query',
  ],
  [
    'a pattern that an integration does not take',
    custom(machine({ Put: { ...put({}), Resource: 'arn:aws:states:::dynamodb:putItem.sync' } })),
    `${PATH}.definition.States.Put.Resource`,
    'Leave it out',
  ],
  [
    'Express children that wait for a task token',
    custom(
      machine({
        Each: {
          Type: 'Map',
          ItemProcessor: {
            ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
            StartAt: 'Ask',
            States: {
              Ask: { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken', End: true },
            },
          },
          End: true,
        },
      }),
    ),
    `${PATH}.definition.States.Each.ItemProcessor.States.Ask.Resource`,
    'ExecutionType: STANDARD',
  ],
  [
    'a variable that nothing assigns',
    custom(machine({ Say: { ...end, QueryLanguage: 'JSONata', Output: '{% $nmae %}' } })),
    `${PATH}.definition.States.Say.Output`,
    'nothing assigns',
  ],
  [
    'a state whose name YAML takes for a boolean',
    custom({ definition: { StartAt: false, States: { false: end } } }),
    `${PATH}.definition.StartAt`,
    'in quotes',
  ],
  [
    'a state machine that starts itself',
    custom(
      machine({
        Copy: {
          Type: 'Task',
          Resource: 'arn:aws:states:::aws-sdk:s3:putObject',
          Parameters: { Bucket: `\${Bucket.Name}`, Key: 'copies/a', Body: 'a' },
          End: true,
        },
      }),
    ),
    `${PATH}.definition.States.Copy.Parameters.Key`,
    'Set spec.source.prefix',
  ],
  [
    'a heartbeat longer than the timeout',
    custom(
      machine({
        Ask: {
          Type: 'Task',
          Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
          TimeoutSeconds: 60,
          HeartbeatSeconds: 600,
          End: true,
        },
      }),
    ),
    `${PATH}.definition.States.Ask.HeartbeatSeconds`,
    'TimeoutSeconds, 60',
  ],
  [
    'a resource of a policy that is no ARN',
    custom({
      ...machine({ Only: end }),
      policyStatements: [{ actions: ['s3:GetObject'], resources: ['orders'] }],
    }),
    `${PATH}.policyStatements[0].resources[0]`,
    'must be an ARN, or * for everything. Write one of them.',
  ],
];

export const CUSTOM: readonly Refusal[] = rows.map((row) => creation('function', row));
