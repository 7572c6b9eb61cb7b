import { describe, expect, it } from 'vitest';
import { settle } from '../../render.ts';
import { machinesOf } from '../../src/asl/machine.ts';
import { deriveStatements } from '../../src/asl/permissions.ts';
import { lineOf } from '../../src/errors.ts';
import type { Json } from '../../src/objects.ts';
import { isObject, stringAt } from '../../src/objects.ts';
import { CLAIMS } from '../claims.ts';
import { machine } from '../machines.ts';
import { grants, statementsOf } from '../policies.ts';

const AROUND = {
  path: 'definition',
  region: 'eu-west-1',
  accountId: '111122223333',
  stateMachineArn: 'arn:aws:states:eu-west-1:111122223333:stateMachine:own',
  policyStatements: [],
};

const JSONATA = { QueryLanguage: 'JSONata' };
const one = (resource: string, given: Json, more: Json = {}) =>
  machine({ Do: { Type: 'Task', Resource: `arn:aws:states:::${resource}`, ...given, End: true } }, more);
const called = (resource: string, Parameters: Json) => one(resource, { Parameters });
const calledByJsonata = (resource: string, Arguments: unknown) => one(resource, { Arguments }, JSONATA);

const derive = (definition: Json, allowed: string[] = []) => {
  const given = allowed.length > 0 ? [{ actions: allowed }] : [];
  const { statements, problems } = deriveStatements(definition, { ...AROUND, policyStatements: given });
  return {
    grants: grants(statements.map((statement) => ({ ...statement }))),
    problems: problems.map(lineOf),
    sids: statements.map(({ Sid }) => Sid),
  };
};

const TABLE = 'arn:aws:dynamodb:eu-west-1:111122223333:table';
const QUEUE = 'https://sqs.eu-central-1.amazonaws.com/444455556666/letters';
const EXECUTIONS = 'arn:aws:states:eu-west-1:111122223333:execution';

describe('what a call needs', () => {
  it.each<[string, Json, string[]]>([
    ['dynamodb:putItem', { TableName: 'rows' }, [`dynamodb:PutItem on ${TABLE}/rows`]],
    ['dynamodb:getItem', { TableName: `${TABLE}/other` }, [`dynamodb:GetItem on ${TABLE}/other`]],
    ['dynamodb:updateItem', { TableName: 'rows' }, [`dynamodb:UpdateItem on ${TABLE}/rows`]],
    ['aws-sdk:dynamodb:deleteItem', { TableName: 'rows' }, [`dynamodb:DeleteItem on ${TABLE}/rows`]],
    ['aws-sdk:dynamodb:query', { TableName: 'rows' }, [`dynamodb:Query on ${TABLE}/rows`]],
    [
      'aws-sdk:dynamodb:query',
      { TableName: 'rows', IndexName: 'by-day' },
      [`dynamodb:Query on ${TABLE}/rows/index/by-day`],
    ],
    [
      'aws-sdk:dynamodb:scan',
      { TableName: 'rows', 'IndexName.$': '$.index' },
      [`dynamodb:Scan on ${TABLE}/rows/index/*`],
    ],
    [
      'aws-sdk:dynamodb:batchWriteItem',
      { RequestItems: { rows: [], more: [] } },
      [`dynamodb:BatchWriteItem on ${TABLE}/more`, `dynamodb:BatchWriteItem on ${TABLE}/rows`],
    ],
    [
      'aws-sdk:dynamodb:transactWriteItems',
      { TransactItems: [{ Put: { TableName: 'rows' } }, { ConditionCheck: { TableName: 'more' } }] },
      [`dynamodb:ConditionCheckItem on ${TABLE}/more`, `dynamodb:PutItem on ${TABLE}/rows`],
    ],
    [
      'lambda:invoke',
      { FunctionName: 'resize' },
      ['lambda:InvokeFunction on arn:aws:lambda:eu-west-1:111122223333:function:resize'],
    ],
    [
      'lambda:invoke.waitForTaskToken',
      { FunctionName: 'resize', Qualifier: 'live', 'Payload.$': '$' },
      ['lambda:InvokeFunction on arn:aws:lambda:eu-west-1:111122223333:function:resize:live'],
    ],
    [
      'lambda:invoke',
      { FunctionName: '444455556666:function:resize:3' },
      ['lambda:InvokeFunction on arn:aws:lambda:eu-west-1:444455556666:function:resize:3'],
    ],
    [
      'aws-sdk:lambda:invoke',
      { FunctionName: 'arn:aws:lambda:us-east-1:444455556666:function:f' },
      ['lambda:InvokeFunction on arn:aws:lambda:us-east-1:444455556666:function:f'],
    ],
    [
      'sqs:sendMessage',
      { QueueUrl: QUEUE },
      ['sqs:SendMessage on arn:aws:sqs:eu-central-1:444455556666:letters'],
    ],
    [
      'sqs:sendMessage.waitForTaskToken',
      { QueueUrl: 'http://127.0.0.1:4566/000000000000/q.fifo' },
      ['sqs:SendMessage on arn:aws:sqs:eu-west-1:000000000000:q.fifo'],
    ],
    [
      'aws-sdk:sqs:deleteMessageBatch',
      { QueueUrl: QUEUE },
      ['sqs:DeleteMessage on arn:aws:sqs:eu-central-1:444455556666:letters'],
    ],
    [
      'sns:publish',
      { TopicArn: 'arn:aws:sns:eu-west-1:111122223333:t' },
      ['sns:Publish on arn:aws:sns:eu-west-1:111122223333:t'],
    ],
    [
      'aws-sdk:sns:publishBatch',
      { TopicArn: 'arn:aws:sns:eu-west-1:111122223333:t' },
      ['sns:Publish on arn:aws:sns:eu-west-1:111122223333:t'],
    ],
    [
      'events:putEvents',
      { Entries: [{ Source: 'x' }, { EventBusName: 'own' }] },
      [
        'events:PutEvents on arn:aws:events:eu-west-1:111122223333:event-bus/default',
        'events:PutEvents on arn:aws:events:eu-west-1:111122223333:event-bus/own',
      ],
    ],
    [
      'aws-sdk:eventbridge:putEvents',
      { Entries: [{ EventBusName: 'own' }] },
      ['events:PutEvents on arn:aws:events:eu-west-1:111122223333:event-bus/own'],
    ],
    [
      'states:startExecution',
      { StateMachineArn: AROUND.stateMachineArn },
      [`states:StartExecution on ${AROUND.stateMachineArn}`],
    ],
    [
      'states:startExecution.sync:2',
      { StateMachineArn: `${AROUND.stateMachineArn}:live` },
      [
        'events:DescribeRule on arn:aws:events:eu-west-1:111122223333:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule',
        'events:PutRule on arn:aws:events:eu-west-1:111122223333:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule',
        'events:PutTargets on arn:aws:events:eu-west-1:111122223333:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule',
        `states:DescribeExecution on ${EXECUTIONS}:own:*`,
        `states:StopExecution on ${EXECUTIONS}:own:*`,
        `states:StartExecution on ${AROUND.stateMachineArn}:live`,
      ],
    ],
    [
      'aws-sdk:sfn:startSyncExecution',
      { StateMachineArn: AROUND.stateMachineArn },
      [`states:StartSyncExecution on ${AROUND.stateMachineArn}`],
    ],
    ['aws-sdk:s3:getObject', { Bucket: 'b', Key: 'in/a.txt' }, ['s3:GetObject on arn:aws:s3:::b/in/a.txt']],
    [
      'aws-sdk:s3:headObject',
      { Bucket: 'b', 'Key.$': '$.key', 'VersionId.$': '$.versionId' },
      ['s3:GetObjectVersion on arn:aws:s3:::b/*'],
    ],
    [
      'aws-sdk:s3:deleteObject',
      { Bucket: 'b', 'Key.$': "States.Format('in/{}.txt', $.n)" },
      ['s3:DeleteObject on arn:aws:s3:::b/in/*'],
    ],
    [
      'aws-sdk:s3:putObject',
      { Bucket: 'b', Key: 'a*$?', Tagging: 'x=1', ACL: 'private' },
      [
        `s3:PutObject on arn:aws:s3:::b/a\${*}\${$}\${?}`,
        `s3:PutObjectAcl on arn:aws:s3:::b/a\${*}\${$}\${?}`,
        `s3:PutObjectTagging on arn:aws:s3:::b/a\${*}\${$}\${?}`,
      ],
    ],
    ['aws-sdk:s3:listObjectsV2', { Bucket: 'b' }, ['s3:ListBucket on arn:aws:s3:::b']],
    [
      'aws-sdk:s3:listObjectsV2',
      { Bucket: 'b', Prefix: 'in/' },
      ['s3:ListBucket on arn:aws:s3:::b if {"StringEquals":{"s3:prefix":"in/"}}'],
    ],
    ['aws-sdk:s3:headBucket', { Bucket: 'b' }, ['s3:ListBucket on arn:aws:s3:::b']],
    [
      'aws-sdk:s3:copyObject',
      { Bucket: 'to', 'Key.$': '$.key', CopySource: '/from/in/a%20b.txt' },
      [
        's3:GetObject on arn:aws:s3:::from/in/a b.txt',
        's3:GetObjectTagging on arn:aws:s3:::from/in/a b.txt',
        's3:PutObject on arn:aws:s3:::to/*',
        's3:PutObjectTagging on arn:aws:s3:::to/*',
      ],
    ],
    [
      'aws-sdk:s3:copyObject',
      { Bucket: 'to', Key: 'k', CopySource: 'from/a', TaggingDirective: 'REPLACE' },
      ['s3:GetObject on arn:aws:s3:::from/a', 's3:PutObject on arn:aws:s3:::to/k'],
    ],
    [
      'aws-sdk:s3:uploadPartCopy',
      { Bucket: 'to', Key: 'k', CopySource: 'from/a', PartNumber: 1, UploadId: 'u' },
      ['s3:GetObject on arn:aws:s3:::from/a', 's3:PutObject on arn:aws:s3:::to/k'],
    ],
    [
      'aws-sdk:s3:copyObject',
      {
        Bucket: 'to',
        Key: 'k',
        'CopySource.$': "States.Format('from/{}?versionId={}', $.key, $.versionId)",
      },
      [
        's3:GetObjectVersion on arn:aws:s3:::from/*',
        's3:GetObjectVersionTagging on arn:aws:s3:::from/*',
        's3:PutObject on arn:aws:s3:::to/k',
        's3:PutObjectTagging on arn:aws:s3:::to/k',
      ],
    ],
  ])('%s %j', (resource, Parameters, expected) => {
    expect(derive(called(resource, Parameters))).toMatchObject({ grants: expected, problems: [] });
  });

  it.each<[string, unknown, string[]]>([
    ['dynamodb:putItem', { TableName: "{% 'rows' %}" }, [`dynamodb:PutItem on ${TABLE}/rows`]],
    [
      'aws-sdk:s3:getObject',
      { Bucket: 'b', Key: "{% 'in/' & $states.input.name & '.txt' %}" },
      ['s3:GetObject on arn:aws:s3:::b/in/*'],
    ],
    [
      'aws-sdk:s3:copyObject',
      { Bucket: 'to', Key: '{% $k %}', CopySource: "{% 'from/' & $encodeUrlComponent($k) %}" },
      [
        's3:GetObject on arn:aws:s3:::from/*',
        's3:GetObjectTagging on arn:aws:s3:::from/*',
        's3:PutObject on arn:aws:s3:::to/*',
        's3:PutObjectTagging on arn:aws:s3:::to/*',
      ],
    ],
    [
      'aws-sdk:s3:listObjectsV2',
      { Bucket: 'b', Prefix: "{% 'in/*' & $day %}" },
      [`s3:ListBucket on arn:aws:s3:::b if {"StringLike":{"s3:prefix":"in/\${*}*"}}`],
    ],
  ])('%s by JSONata %j', (resource, Arguments, expected) => {
    expect(derive(calledByJsonata(resource, Arguments))).toMatchObject({ grants: expected, problems: [] });
  });

  it('a function as the resource itself', () => {
    const arn = 'arn:aws:lambda:eu-west-1:111122223333:function:resize';
    const definition = machine({ Do: { Type: 'Task', Resource: arn, End: true } });
    expect(derive(definition).grants).toEqual([`lambda:InvokeFunction on ${arn}`]);
  });

  it('another role: that role, and nothing that it does', () => {
    const RoleArn = 'arn:aws:iam::444455556666:role/other';
    const definition = one('dynamodb:putItem', {
      Parameters: { TableName: 'rows' },
      Credentials: { RoleArn },
    });
    expect(derive(definition)).toMatchObject({ grants: [`sts:AssumeRole on ${RoleArn}`], problems: [] });
  });

  it.each(['Authentication', 'InvocationConfig'])('an API by HTTP, with a connection in %s', (field) => {
    const ConnectionArn = 'arn:aws:events:eu-west-1:111122223333:connection/shop/8';
    const given = { ApiEndpoint: 'https://example.com/orders', Method: 'GET', [field]: { ConnectionArn } };
    const secrets = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:events!connection/*';
    expect(derive(called('http:invoke', given))).toMatchObject({
      problems: [],
      grants: [
        `events:RetrieveConnectionCredentials on ${ConnectionArn}`,
        `secretsmanager:DescribeSecret on ${secrets}`,
        `secretsmanager:GetSecretValue on ${secrets}`,
        `states:InvokeHTTPEndpoint on ${AROUND.stateMachineArn} if {"StringLike":{"states:HTTPEndpoint":"https://example.com/orders*"}}`,
      ],
    });
    const url = "States.Format('https://example.com/{}', $.path)";
    const dynamic = { 'ApiEndpoint.$': url, [field]: { 'ConnectionArn.$': '$.connection' } };
    expect(derive(called('http:invoke', dynamic)).problems).toHaveLength(1);
    expect(derive(called('http:invoke', dynamic), ['events:RetrieveConnectionCredentials'])).toMatchObject({
      problems: [],
      grants: [
        `secretsmanager:DescribeSecret on ${secrets}`,
        `secretsmanager:GetSecretValue on ${secrets}`,
        `states:InvokeHTTPEndpoint on ${AROUND.stateMachineArn} if {"StringLike":{"states:HTTPEndpoint":"https://example.com/*"}}`,
      ],
    });
  });

  it.each(['eks:call', 'eks:runJob.sync'])('%s: nothing of IAM, the cluster decides', (resource) => {
    expect(derive(called(resource, { ClusterName: 'c' }))).toMatchObject({ grants: [], problems: [] });
  });

  it('an activity: nothing', () => {
    const Resource = 'arn:aws:states:eu-west-1:111122223333:activity:approve';
    expect(derive(machine({ Do: { Type: 'Task', Resource, End: true } }))).toMatchObject({
      grants: [],
      problems: [],
    });
  });

  it('in China: its own partition', () => {
    const { statements } = deriveStatements(called('aws-sdk:s3:getObject', { Bucket: 'b', Key: 'k' }), {
      ...AROUND,
      region: 'cn-north-1',
    });
    expect(statements[0]?.Resource).toEqual(['arn:aws-cn:s3:::b/k']);
  });
});

describe('what cannot be derived', () => {
  const OWN = 'spec.workflow.custom.policyStatements.';
  const dynamic = (actions: string) =>
    `must say the resource before the execution. Write a constant, or allow ${actions} in ${OWN}`;

  it.each<[string, Json, string, string]>([
    [
      'a path',
      called('dynamodb:putItem', { 'TableName.$': '$.table' }),
      `definition.States.Do.Parameters.TableName.$: Invalid value: "$.table": ${dynamic('dynamodb:PutItem')}`,
      'dynamodb:PutItem',
    ],
    [
      'nothing',
      called('dynamodb:putItem', {}),
      `definition.States.Do.Parameters.TableName: Required value: ${dynamic('dynamodb:PutItem')}`,
      'dynamodb:*',
    ],
    [
      'an expression',
      calledByJsonata('sqs:sendMessage', { QueueUrl: '{% $url %}' }),
      `definition.States.Do.Arguments.QueueUrl: Invalid value: "{% $url %}": ${dynamic('sqs:SendMessage')}`,
      'sqs:send*',
    ],
    [
      'an expression for all of it',
      calledByJsonata('lambda:invoke', '{% $states.input %}'),
      `definition.States.Do.Arguments: Invalid value: "{% $states.input %}": ${dynamic('lambda:InvokeFunction')}`,
      '*',
    ],
    [
      'a qualifier at execution',
      called('lambda:invoke', { FunctionName: 'f', 'Qualifier.$': '$.v' }),
      `definition.States.Do.Parameters.Qualifier.$: Invalid value: "$.v": ${dynamic('lambda:InvokeFunction')}`,
      'lambda:InvokeFunct?on',
    ],
    [
      'a bucket at execution',
      called('aws-sdk:s3:getObject', { 'Bucket.$': '$.b', Key: 'k' }),
      `definition.States.Do.Parameters.Bucket.$: Invalid value: "$.b": ${dynamic('s3:GetObject')}`,
      'S3:getobject',
    ],
    [
      'the source of a copy',
      called('aws-sdk:s3:copyObject', { Bucket: 'b', Key: 'k', 'CopySource.$': '$.source' }),
      `definition.States.Do.Parameters.CopySource.$: Invalid value: "$.source": ${dynamic('s3:GetObject')}`,
      's3:GetObject',
    ],
    [
      'a telephone number',
      called('sns:publish', { PhoneNumber: '+441' }),
      `definition.States.Do.Parameters.TargetArn: Required value: ${dynamic('sns:Publish')}`,
      'sns:Publish',
    ],
    [
      'another call of a known service',
      called('aws-sdk:s3:createBucket', { Bucket: 'b' }),
      `definition.States.Do.Resource: Invalid value: "arn:aws:states:::aws-sdk:s3:createBucket": is a call whose permissions cannot be derived. Allow s3:CreateBucket in ${OWN}`,
      's3:Create*',
    ],
    [
      'another service',
      called('glue:startJobRun', {}),
      `definition.States.Do.Resource: Invalid value: "arn:aws:states:::glue:startJobRun": is a call whose permissions cannot be derived. Allow glue:StartJobRun in ${OWN}`,
      'glue:StartJobRun',
    ],
    [
      'a service with another name in IAM',
      called('aws-sdk:cognitoidentityprovider:adminGetUser', {}),
      `definition.States.Do.Resource: Invalid value: "arn:aws:states:::aws-sdk:cognitoidentityprovider:adminGetUser": is a call whose permissions cannot be derived. Allow cognito-idp:AdminGetUser in ${OWN}`,
      'cognito-idp:AdminGetUser',
    ],
  ])('%s', (_why, definition, problem, allowed) => {
    expect(derive(definition).problems).toEqual([problem]);
    expect(derive(definition, [allowed]).problems).toEqual([]);
    expect(derive(definition, ['iam:PassRole']).problems).toEqual([problem]);
  });

  it.each([
    ['aws-sdk:s3:listBuckets', 's3:ListAllMyBuckets'],
    ['aws-sdk:dynamodb:executeStatement', 'dynamodb:PartiQLSelect'],
    ['aws-sdk:bedrockruntime:converse', 'bedrock:InvokeModel'],
    ['aws-sdk:neptunedata:executeGremlinQuery', 'neptune-db:ReadDataViaQuery'],
    ['elasticmapreduce:addStep.sync', 'elasticmapreduce:AddJobFlowSteps'],
    ['apigateway:invoke', 'execute-api:Invoke'],
  ])('%s is covered by %s, whose name does not follow from it', (resource, action) => {
    expect(derive(called(resource, {}), ['iam:PassRole']).problems).toHaveLength(1);
    expect(derive(called(resource, {}), [action]).problems).toEqual([]);
  });
});

describe('the whole of a definition', () => {
  const inner = machine({
    Put: {
      Type: 'Task',
      Resource: 'arn:aws:states:::dynamodb:putItem',
      Parameters: { TableName: 'a' },
      End: true,
    },
  });
  const other = machine({
    Get: {
      Type: 'Task',
      Resource: 'arn:aws:states:::dynamodb:getItem',
      Parameters: { TableName: 'a' },
      End: true,
    },
  });

  it('has one statement for the same actions, with each resource once, in any order of states', () => {
    const again = machine({
      Again: {
        Type: 'Task',
        Resource: 'arn:aws:states:::aws-sdk:dynamodb:putItem',
        Parameters: { TableName: '0' },
        End: true,
      },
    });
    const both = (Branches: Json[]) => machine({ Both: { Type: 'Parallel', Branches, End: true } });
    const made = derive(both([inner, other, again]));
    expect(made).toEqual({
      grants: [
        `dynamodb:GetItem on ${TABLE}/a`,
        `dynamodb:PutItem on ${TABLE}/0`,
        `dynamodb:PutItem on ${TABLE}/a`,
      ],
      problems: [],
      sids: ['DynamodbGetItem', 'DynamodbPutItem'],
    });
    expect(derive(both([again, inner, other]))).toEqual(made);
  });

  it('numbers statements of the same actions under several conditions', () => {
    const list = (Prefix: string, name: string) =>
      machine({
        [name]: {
          Type: 'Task',
          Resource: 'arn:aws:states:::aws-sdk:s3:listObjectsV2',
          Parameters: { Bucket: 'b', Prefix },
          End: true,
        },
      });
    const definition = machine({
      Both: { Type: 'Parallel', Branches: [list('x', 'X'), list('y', 'Y')], End: true },
    });
    expect(derive(definition).sids).toEqual(['S3ListBucket', 'S3ListBucket2']);
  });

  it('includes a map’s items', () => {
    expect(derive(machine({ All: { Type: 'Map', ItemProcessor: inner, End: true } })).grants).toEqual([
      `dynamodb:PutItem on ${TABLE}/a`,
    ]);
  });

  it('includes what a Distributed Map reads, writes and starts', () => {
    const ItemProcessor = { ...inner, ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } };
    const definition = machine({
      All: {
        Type: 'Map',
        ItemProcessor,
        ItemReader: {
          Resource: 'arn:aws:states:::s3:listObjectsV2',
          Parameters: { Bucket: 'in', Prefix: 'day/' },
        },
        ResultWriter: {
          Resource: 'arn:aws:states:::s3:putObject',
          Parameters: { Bucket: 'out', Prefix: 'results' },
        },
        End: true,
      },
    });
    expect(derive(definition)).toMatchObject({
      problems: [],
      grants: [
        `dynamodb:PutItem on ${TABLE}/a`,
        's3:AbortMultipartUpload on arn:aws:s3:::out/results*',
        's3:GetObject on arn:aws:s3:::out/results*',
        's3:ListMultipartUploadParts on arn:aws:s3:::out/results*',
        's3:PutObject on arn:aws:s3:::out/results*',
        's3:ListBucket on arn:aws:s3:::in if {"StringEquals":{"s3:prefix":"day/"}}',
        `states:DescribeExecution on ${EXECUTIONS}:own/*`,
        `states:DescribeExecution on ${EXECUTIONS}:own:*`,
        `states:StopExecution on ${EXECUTIONS}:own/*`,
        `states:StopExecution on ${EXECUTIONS}:own:*`,
        `states:StartExecution on ${AROUND.stateMachineArn}`,
      ],
    });
  });

  const distributed = { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }, ...inner };
  it.each<[string, Json, string]>([
    [
      'the files that a manifest lists',
      {
        Resource: 'arn:aws:states:::s3:getObject',
        ReaderConfig: { InputType: 'MANIFEST', ManifestType: 'S3_INVENTORY' },
        Parameters: { Bucket: 'inventory', Key: 'a/manifest.json' },
      },
      's3:GetObject on arn:aws:s3:::inventory/*',
    ],
    [
      'the objects that are listed and read at once',
      {
        Resource: 'arn:aws:states:::s3:listObjectsV2',
        ReaderConfig: { InputType: 'JSON', Transformation: 'LOAD_AND_FLATTEN' },
        Parameters: { Bucket: 'in', Prefix: 'day/' },
      },
      's3:GetObject on arn:aws:s3:::in/day/*',
    ],
  ])('includes %s', (_why, ItemReader, expected) => {
    const definition = machine({ All: { Type: 'Map', ItemProcessor: distributed, ItemReader, End: true } });
    expect(derive(definition).grants).toContain(expected);
  });

  it('says the same as what the project’s own workflows write by hand', async () => {
    const { resources } = (await settle(CLAIMS['record-file/standard.yaml'] ?? {})).rendered;
    const definition: unknown = JSON.parse(
      stringAt(resources['state-machine'], 'spec', 'forProvider', 'definition') ?? '',
    );
    if (!isObject(definition)) throw new Error('the example has no state machine');
    expect(machinesOf(definition, '')[0]?.states.length).toBeGreaterThan(0);
    const byHand = grants(statementsOf(resources['state-machine-policy'], 'policy')).filter(
      (line) => !line.startsWith('logs:'),
    );
    expect(derive(definition)).toMatchObject({ grants: byHand.sort(), problems: [] });
  });
});
