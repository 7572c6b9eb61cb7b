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
    'Write at least one',
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
    'more than the 4096 that Lambda takes',
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
    'a resource of a policy that is no ARN',
    custom({
      ...machine({ Only: end }),
      policyStatements: [{ actions: ['s3:GetObject'], resources: ['orders'] }],
    }),
    `${PATH}.policyStatements[0].resources[0]`,
    'is no ARN. Write one, or * for everything.',
  ],
];

export const CUSTOM: readonly Refusal[] = rows.map((row) => creation('function', row));
