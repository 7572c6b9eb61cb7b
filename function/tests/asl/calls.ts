/** State machines whose calls, variables or times are wrong, and their nearest neighbours that are right. */
import type { Json } from '../../src/objects.ts';
import { machine, pass, type Sample, task } from './corpus.ts';

const JSONATA = { QueryLanguage: 'JSONata' };
const call = (resource: string, more: Json = {}) =>
  machine({ A: task({ Resource: `arn:aws:states:::${resource}`, ...more }) });
const given = (resource: string, Parameters: Json) => call(resource, { Parameters });
const computed = (resource: string, Arguments: Json) => call(resource, { ...JSONATA, Arguments });
const put = (Item: Json) => given('dynamodb:putItem', { TableName: 't', Item });
const putComputed = (Item: unknown) => computed('dynamodb:putItem', { TableName: 't', Item });
const children = (ExecutionType: 'STANDARD' | 'EXPRESS', each: Json, more: Json = {}) =>
  machine({
    All: {
      Type: 'Map',
      ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType }, ...machine({ Each: each }) },
      End: true,
      ...more,
    },
  });
const then = (first: Json, second: Json, more: Json = {}) =>
  machine({ First: { ...first, End: undefined, Next: 'Second' }, Second: second }, more);
const say = (Output: unknown): Json => ({ ...pass, Output });
const WAITS = 'arn:aws:states:::sqs:sendMessage.waitForTaskToken';

const CALLED = [
  'athena:startQueryExecution.sync',
  'batch:submitJob.sync',
  'bedrock:invokeModel',
  'bedrockagentcore:invokeHarness',
  'codebuild:startBuild.sync',
  'ecs:runTask.waitForTaskToken',
  'eks:call',
  'eks:runJob.sync',
  'elasticmapreduce:addStep.sync',
  'emr-containers:startJobRun.sync',
  'emr-serverless:startApplication.sync',
  'events:putEvents.waitForTaskToken',
  'glue:startJobRun.sync',
  'http:invoke',
  'lambda:invoke.waitForTaskToken',
  'mediaconvert:createJob.sync',
  'sagemaker:createTrainingJob.sync',
  'sns:publish.waitForTaskToken',
  'states:startExecution.sync',
  'states:startExecution.sync:2',
  'states:startExecution.waitForTaskToken',
  'aws-sdk:sqs:sendMessage.waitForTaskToken',
  'aws-sdk:bedrockruntime:converse',
  'aws-sdk:elasticloadbalancingv2:describeTargetHealth',
];
const branch = (resource: string, index: number) =>
  machine({ [`Call ${index}`]: task({ Resource: `arn:aws:states:::${resource}` }) });

type Right = Omit<Sample, 'problems'>;

export const RIGHT_CALLS: Right[] = [
  {
    why: 'attribute values of every type',
    definition: put({
      s: { S: '$.plain text' },
      n: { N: '-1.5e3' },
      path: { 'N.$': "States.Format('{}', $.size)" },
      whole: { B: 'aGk=' },
      bool: { BOOL: false },
      none: { NULL: true },
      set: { SS: ['a'] },
      numbers: { NS: ['1', '2'] },
      map: { M: { inner: { L: [{ N: '1' }, { 'S.$': '$.x' }] } } },
      'value.$': '$.value',
    }),
  },
  {
    why: 'attribute values without their type, as AWS’s own samples have them',
    definition: given('dynamodb:updateItem', {
      TableName: 't',
      Key: { PK: 'orders', 'SK.$': '$.id' },
      UpdateExpression: 'SET a = :a, b = :b',
      ExpressionAttributeValues: { ':a': '', ':b': { BOOL: 'false' } },
    }),
  },
  {
    why: 'attribute values that expressions give',
    definition: putComputed({
      a: { N: '{% $string(1 + 1) %}' },
      b: '{% $states.input.value %}',
      c: { L: '{% $states.input.list %}' },
      d: { BOOL: '{% true %}' },
      e: { SS: ['{% $states.input.s %}'] },
      f: { N: "{% $states.input.n & '' %}" },
    }),
  },
  { why: 'an item that an expression gives', definition: putComputed('{% $states.input.item %}') },
  {
    why: 'attribute values in batches, transactions and statements',
    definition: machine({
      A: task({
        Resource: 'arn:aws:states:::aws-sdk:dynamodb:batchWriteItem',
        Parameters: {
          RequestItems: { Item: [{ PutRequest: { Item: { id: { S: 'a' }, yes: { Bool: true } } } }] },
        },
        Next: 'B',
        End: undefined,
      }),
      B: task({
        Resource: 'arn:aws:states:::aws-sdk:dynamodb:executeStatement',
        Parameters: { Statement: 'SELECT * FROM t WHERE id = ?', Parameters: [{ N: '1' }, { Nul: true }] },
        Next: 'C',
        End: undefined,
      }),
      C: task({
        Resource: 'arn:aws:states:::dynamodb:updateItem',
        Parameters: {
          TableName: 't',
          Key: { Key: { S: 'a' } },
          Expected: { Key: { Exists: false } },
          ExpressionAttributeNames: { '#Key': 'Key' },
          ExpressionAttributeValues: { ':n': { N: '1' } },
          UpdateExpression: 'SET n = :n',
        },
      }),
    }),
  },
  {
    why: 'arguments of the SDK in its own case, and newer ones',
    definition: given('aws-sdk:s3:putObject', {
      Bucket: 'b',
      Key: 'k',
      Acl: 'private',
      SsekmsKeyId: 'k',
      SomethingNew: 1,
    }),
  },
  {
    why: 'an SDK call whose arguments are not listed',
    definition: given('aws-sdk:textract:analyzeDocument', {
      Document: { S3Object: {} },
      FeatureTypes: ['TABLES'],
    }),
  },
  {
    why: 'arguments by path',
    definition: given('sqs:sendMessage', { 'QueueUrl.$': '$.q', 'MessageBody.$': '$', MessageGroupId: 'g' }),
  },
  {
    why: 'all arguments by one expression',
    definition: call('sqs:sendMessage', { ...JSONATA, Arguments: '{% $states.input %}' }),
  },
  {
    why: 'calls that wait as they can, and calls of any service',
    definition: machine({
      All: { Type: 'Parallel', Branches: CALLED.map(branch), End: true },
    }),
  },
  {
    why: 'Standard children that wait',
    definition: children('STANDARD', task({ Resource: WAITS })),
  },
  {
    why: 'Express children that call, and a wait beside them',
    definition: then(task({ Resource: WAITS }), {
      Type: 'Map',
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
        ...machine({ Each: task() }),
      },
      End: true,
    }),
  },
  {
    why: 'variables of before, of outside, of a rule and of a catcher',
    definition: machine(
      {
        Set: { Type: 'Pass', Assign: { one: 1 }, Next: 'Ask' },
        Ask: {
          Type: 'Choice',
          Choices: [{ Condition: '{% $one = 1 %}', Assign: { two: 2 }, Next: 'Both' }],
          Default: 'Both',
        },
        Both: {
          Type: 'Parallel',
          Branches: [
            machine({
              In: { Type: 'Pass', Assign: { three: '{% $one + $two %}' }, Next: 'Out' },
              Out: say('{% $three %}'),
            }),
          ],
          Catch: [
            { ErrorEquals: ['States.ALL'], Assign: { why: '{% $states.errorOutput %}' }, Next: 'Failed' },
          ],
          Next: 'All',
        },
        All: {
          Type: 'Map',
          ItemSelector: { two: '{% $two %}' },
          ItemProcessor: machine({ Each: say('{% $one %}') }),
          End: true,
        },
        Failed: say('{% $why %}'),
      },
      JSONATA,
    ),
  },
  {
    why: 'a loop that counts with a variable of its own',
    definition: machine(
      {
        Begin: { Type: 'Pass', Assign: { n: 0 }, Next: 'Count' },
        Count: { Type: 'Pass', Assign: { n: '{% $n + 1 %}', last: '{% $n %}' }, Next: 'Ask' },
        Ask: { Type: 'Choice', Choices: [{ Condition: '{% $n < 3 %}', Next: 'Count' }], Default: 'End' },
        End: say('{% $last %}'),
      },
      JSONATA,
    ),
  },
  {
    why: 'names that an expression binds by itself, and functions as values',
    definition: machine(
      {
        A: say(
          '{% ($f := function($x, $i) { $x * $i }; $all := $map($states.input.list, $f); $sum($map($all, $number))) %}',
        ),
      },
      JSONATA,
    ),
  },
  {
    why: 'names that a step of a path binds',
    definition: machine({ A: say("{% $states.input.loans@$l#$i.{ 'l': $l, 'i': $i } %}") }, JSONATA),
  },
  {
    why: 'functions that Step Functions adds',
    definition: machine(
      {
        A: say(
          "{% [$uuid(), $hash('a', 'SHA-256'), $partition([1, 2], 1), $range(1, 3, 1), $parse('1'), $random(7)] %}",
        ),
      },
      JSONATA,
    ),
  },
  {
    why: 'variables in paths, of any alphabet',
    definition: then(
      { ...pass, Assign: { größe: 1, 'list.$': '$.list' } },
      {
        Type: 'Map',
        ItemsPath: '$list',
        ItemSelector: { 'size.$': '$größe', 'text.$': "States.Format('{} $nothing', $größe)" },
        ItemProcessor: machine({
          Each: {
            Type: 'Choice',
            Choices: [{ Variable: '$größe', NumericEqualsPath: '$größe', Next: 'Done' }],
            Default: 'Done',
          },
          Done: pass,
        }),
        End: true,
      },
    ),
  },
  {
    why: 'data that looks like a variable',
    definition: machine({ A: { ...pass, Result: { 'x.$': '$y', Variable: '$z' } } }),
  },
  {
    why: 'filters within filters, and in functions',
    definition: machine({
      A: {
        ...pass,
        Parameters: {
          'a.$': "$.items[?(@.price > 10 && (@.kind == 'a' || (@.kind == 'b)')))]",
          'b.$': '$..book[?(@.isbn)][?(@.a =~ /x(y)/)].title',
          'c.$': "States.ArrayGetItem($.items[?((@.id == 1) && (@.n == ','))], 0)",
          'd.$': 'States.ArrayLength($["a)"])',
          'e.$': "$['@type']",
          'f.$': '$.items[-1:]',
          'g.$': '$.@type',
          'h.$': '$$.Execution.Name ',
        },
      },
    }),
    differs: 'its JSONPath is another one',
  },
  {
    why: 'heartbeats that come in time',
    definition: machine({
      A: task({ Resource: WAITS, TimeoutSeconds: 61, HeartbeatSeconds: 60, Next: 'B', End: undefined }),
      B: task({
        Resource: WAITS,
        TimeoutSecondsPath: '$.t',
        HeartbeatSeconds: 600,
        Next: 'C',
        End: undefined,
      }),
      C: task({ Resource: WAITS, HeartbeatSeconds: 600, Next: 'D', End: undefined }),
      D: task({ Resource: WAITS, ...JSONATA, TimeoutSeconds: '{% $states.input.t %}', HeartbeatSeconds: 60 }),
    }),
  },
  {
    why: 'Express that waits for less than five minutes',
    definition: machine({ A: { Type: 'Wait', Seconds: 299, End: true } }),
    execution: 'Express',
  },
  {
    why: 'states that are called true and false',
    definition: machine({ true: { Type: 'Pass', Next: 'false' }, false: pass }),
  },
];

const row = (why: string, definition: unknown, ...problems: string[]): Sample => ({
  why,
  definition,
  problems,
});
const express = (sample: Sample): Sample => ({ ...sample, execution: 'Express' });
const TYPES = 'Use one of S, N, B, BOOL, NULL, SS, NS, BS, M, L.';

export const WRONG_CALLS: Sample[] = [
  row(
    'numbers that are no strings',
    put({ a: { N: 0 }, b: { NS: ['1', 2] }, c: { M: { d: { L: [{ N: 1.5 }] } } } }),
    '.States.A.Parameters.Item.a.N: Invalid value: 0: must be a string, since DynamoDB takes numbers as strings. Write "0" in quotes.',
    '.States.A.Parameters.Item.b.NS[1]: Invalid value: 2: must be a string, since DynamoDB takes numbers as strings. Write "2" in quotes.',
    '.States.A.Parameters.Item.c.M.d.L[0].N: Invalid value: 1.5: must be a string, since DynamoDB takes numbers as strings. Write "1.5" in quotes.',
  ),
  row(
    'strings that are no numbers',
    put({ a: { N: '$.size' }, b: { N: 'many' } }),
    '.States.A.Parameters.Item.a.N: Invalid value: "$.size": must be a number. Name the field N.$ for a path.',
    '.States.A.Parameters.Item.b.N: Invalid value: "many": must be a number. Write one such as "1.5".',
  ),
  row(
    'numbers that a function or an expression gives',
    machine({
      A: task({
        Resource: 'arn:aws:states:::dynamodb:putItem',
        Parameters: { Item: { n: { 'N.$': 'States.MathAdd($.n, 1)' } } },
        End: undefined,
        Next: 'B',
      }),
      B: task({
        Resource: 'arn:aws:states:::dynamodb:putItem',
        ...JSONATA,
        Arguments: { Item: { a: { N: '{% $count($states.input.list) %}' }, b: { S: '{% 1 + 1 %}' } } },
      }),
    }),
    '.States.A.Parameters.Item.n.N.$: Invalid value: "States.MathAdd($.n, 1)": must give a string, as DynamoDB takes it, but gives a number. Write it as States.Format(\'{}\', ...).',
    '.States.B.Arguments.Item.a.N: Invalid value: "{% $count($states.input.list) %}": must give a string, as DynamoDB takes it, but gives a number. Write it as {% $string(...) %}.',
    '.States.B.Arguments.Item.b.S: Invalid value: "{% 1 + 1 %}": must give a string, as DynamoDB takes it, but gives a number. Write it as {% $string(...) %}.',
  ),
  row(
    'values of other types than theirs',
    put({
      a: { S: 1 },
      b: { BOOL: 'yes' },
      c: { NULL: false },
      d: { SS: [] },
      e: { L: {} },
      f: { M: 'x' },
      g: { S: null },
    }),
    '.States.A.Parameters.Item.a.S: Invalid value: 1: must be a string. Write "1" in quotes.',
    '.States.A.Parameters.Item.b.BOOL: Invalid value: "yes": must be true or false. Write one of them without quotes.',
    '.States.A.Parameters.Item.c.NULL: Invalid value: false: must be true, as NULL always is. Write true, or give the value its own type.',
    '.States.A.Parameters.Item.d.SS: Invalid value: []: must be a list of strings. Write at least one.',
    '.States.A.Parameters.Item.e.L: Invalid value: {}: must be a list. Write attribute values.',
    '.States.A.Parameters.Item.f.M: Invalid value: "x": must be a map. Write attributes with their values.',
    '.States.A.Parameters.Item.g.S: Invalid value: null: must be a string. Write one.',
  ),
  row(
    'what is no attribute value',
    put({ a: 5, b: {}, c: { S: 'a', N: '1' }, d: { Number: '1' } }),
    '.States.A.Parameters.Item.a: Invalid value: 5: must be an attribute value. Write it below its type, such as { "N": "1" } or { BOOL: true }.',
    `.States.A.Parameters.Item.b: Invalid value: {}: must have one type, but has 0. ${TYPES}`,
    `.States.A.Parameters.Item.c: Invalid value: {"S":"a","N":"1"}: must have one type, but has 2. ${TYPES}`,
    `.States.A.Parameters.Item.d.Number: Invalid value: "1": unknown type of an attribute value. ${TYPES}`,
  ),
  row(
    'numbers in every argument that takes attribute values',
    machine({
      A: task({
        Resource: 'arn:aws:states:::dynamodb:updateItem',
        Parameters: {
          Key: { id: { N: 1 } },
          ExpressionAttributeValues: { ':n': { N: 2 } },
          Expected: { a: { Value: { N: 3 } } },
          AttributeUpdates: { a: { Value: { N: 4 }, Action: 'PUT' } },
        },
        End: undefined,
        Next: 'B',
      }),
      B: task({
        Resource: 'arn:aws:states:::aws-sdk:dynamodb:transactWriteItems',
        Parameters: { TransactItems: [{ Put: { TableName: 't', Item: { id: { N: 5 } } } }] },
        End: undefined,
        Next: 'C',
      }),
      C: task({
        Resource: 'arn:aws:states:::aws-sdk:dynamodb:batchGetItem',
        Parameters: { RequestItems: { t: { Keys: [{ id: { N: 6 } }] } } },
        End: undefined,
        Next: 'D',
      }),
      D: task({
        Resource: 'arn:aws:states:::aws-sdk:dynamodb:query',
        ...JSONATA,
        Arguments: {
          ExclusiveStartKey: { id: { N: 7 } },
          KeyConditions: { id: { AttributeValueList: [{ N: 8 }] } },
        },
      }),
    }),
    ...[
      '.States.A.Parameters.Key.id.N: Invalid value: 1',
      '.States.A.Parameters.ExpressionAttributeValues[":n"].N: Invalid value: 2',
      '.States.A.Parameters.Expected.a.Value.N: Invalid value: 3',
      '.States.A.Parameters.AttributeUpdates.a.Value.N: Invalid value: 4',
      '.States.B.Parameters.TransactItems[0].Put.Item.id.N: Invalid value: 5',
      '.States.C.Parameters.RequestItems.t.Keys[0].id.N: Invalid value: 6',
      '.States.D.Arguments.ExclusiveStartKey.id.N: Invalid value: 7',
      '.States.D.Arguments.KeyConditions.id.AttributeValueList[0].N: Invalid value: 8',
    ].map(
      (where) =>
        `${where}: must be a string, since DynamoDB takes numbers as strings. Write "${where.at(-1)}" in quotes.`,
    ),
  ),
  row(
    'an attribute that YAML took for a boolean',
    put({ x: { N: '1' }, true: { N: '2' } }),
    '.States.A.Parameters.Item.true: Invalid value: {"N":"2"}: must not be the value of true, since YAML reads a bare y as true. Write "y" in quotes.',
  ),
  row(
    'arguments with a slip',
    machine({
      A: task({ Parameters: { QueueURL: 'q', Body: 'x' }, End: undefined, Next: 'B' }),
      B: task({ Resource: 'arn:aws:states:::lambda:invoke', Parameters: { 'functionName.$': '$.f' } }),
    }),
    '.States.A.Parameters.QueueURL: Invalid value: "q": unknown argument of sqs:sendMessage, whose arguments are in PascalCase. Did you mean QueueUrl?',
    '.States.A.Parameters.Body: Invalid value: "x": unknown argument of sqs:sendMessage. There are: DelaySeconds, MessageAttributes, MessageBody, MessageDeduplicationId, MessageGroupId, MessageSystemAttributes, QueueUrl.',
    '.States.B.Parameters.functionName.$: Invalid value: "$.f": unknown argument of lambda:invoke, whose arguments are in PascalCase. Did you mean FunctionName?',
  ),
  row(
    'arguments of a job with a slip',
    given('batch:submitJob.sync', { JobName: 'j', JobQue: 'q' }),
    '.States.A.Parameters.JobQue: Invalid value: "q": unknown argument of batch:submitJob. Did you mean JobQueue?',
  ),
  row(
    'arguments of the SDK with a slip',
    machine({
      A: task({
        Resource: 'arn:aws:states:::aws-sdk:s3:putObject',
        Parameters: { Bucket: 'b', key: 'k', ContentTipe: 'text/plain' },
        End: undefined,
        Next: 'B',
      }),
      B: task({ Resource: 'arn:aws:states:::aws-sdk:ecs:stopTask', Parameters: { task: 't' } }),
    }),
    '.States.A.Parameters.key: Invalid value: "k": unknown argument of s3:putObject, whose arguments are in PascalCase. Did you mean Key?',
    '.States.A.Parameters.ContentTipe: Invalid value: "text/plain": unknown argument of s3:putObject. Did you mean ContentType?',
    '.States.B.Parameters.task: Invalid value: "t": unknown argument of ecs:stopTask, whose arguments are in PascalCase. Begin it with a capital letter.',
  ),
  row(
    'an argument of a reader with a slip',
    children('STANDARD', pass, {
      ItemReader: { Resource: 'arn:aws:states:::s3:listObjectsV2', Parameters: { Bucket: 'b', Prefx: 'p' } },
    }),
    '.States.All.ItemReader.Parameters.Prefx: Invalid value: "p": unknown argument of s3:listObjectsV2. Did you mean Prefix?',
  ),
  row(
    'an optimized integration that is none',
    machine({
      A: task({ Resource: 'arn:aws:states:::dynamodb:query', End: undefined, Next: 'B' }),
      B: task({ Resource: 'arn:aws:states:::dynamodb:putitem', End: undefined, Next: 'C' }),
      C: task({ Resource: 'arn:aws:states:::sfn:startExecution', End: undefined, Next: 'D' }),
      D: task({ Resource: 'arn:aws:states:::s3:getObject' }),
    }),
    '.States.A.Resource: Invalid value: "arn:aws:states:::dynamodb:query": is not an optimized integration. There are: getItem, putItem, updateItem, deleteItem. Every other call is one of the SDK: arn:aws:states:::aws-sdk:dynamodb:query.',
    '.States.B.Resource: Invalid value: "arn:aws:states:::dynamodb:putitem": is not an optimized integration. Did you mean putItem? There are: getItem, putItem, updateItem, deleteItem. Every other call is one of the SDK: arn:aws:states:::aws-sdk:dynamodb:putitem.',
    '.States.C.Resource: Invalid value: "arn:aws:states:::sfn:startExecution": is not an optimized integration. Did you mean states:startExecution? Every other call is one of the SDK: arn:aws:states:::aws-sdk:sfn:startExecution.',
    '.States.D.Resource: Invalid value: "arn:aws:states:::s3:getObject": is not an optimized integration. Every other call is one of the SDK: arn:aws:states:::aws-sdk:s3:getObject.',
  ),
  row(
    'calls of the SDK by other names than its own',
    machine({
      A: task({ Resource: 'arn:aws:states:::aws-sdk:s3:GetObject', End: undefined, Next: 'B' }),
      B: task({ Resource: 'arn:aws:states:::aws-sdk:events:putEvents', End: undefined, Next: 'C' }),
      C: task({ Resource: 'arn:aws:states:::aws-sdk:bedrock-runtime:converse' }),
    }),
    '.States.A.Resource: Invalid value: "arn:aws:states:::aws-sdk:s3:GetObject": must name a call of the SDK. Write arn:aws:states:::aws-sdk:s3:getObject, with the SDK’s name of the service and the action in camelCase.',
    '.States.B.Resource: Invalid value: "arn:aws:states:::aws-sdk:events:putEvents": must name a call of the SDK. Write arn:aws:states:::aws-sdk:eventbridge:putEvents, with the SDK’s name of the service and the action in camelCase.',
    '.States.C.Resource: Invalid value: "arn:aws:states:::aws-sdk:bedrock-runtime:converse": must name a call of the SDK. Write arn:aws:states:::aws-sdk:bedrockruntime:converse, with the SDK’s name of the service and the action in camelCase.',
  ),
  row(
    'patterns that a call does not take',
    machine({
      A: task({ Resource: 'arn:aws:states:::dynamodb:putItem.sync', End: undefined, Next: 'B' }),
      B: task({ Resource: 'arn:aws:states:::lambda:invoke.sync', End: undefined, Next: 'C' }),
      C: task({ Resource: 'arn:aws:states:::glue:startJobRun.waitForTaskToken', End: undefined, Next: 'D' }),
      D: task({ Resource: 'arn:aws:states:::batch:submitJob.sync:2', End: undefined, Next: 'E' }),
      E: task({ Resource: 'arn:aws:states:::aws-sdk:codebuild:startBuild.sync', End: undefined, Next: 'F' }),
      F: task({ Resource: 'arn:aws:states:::aws-sdk:s3:copyObject.sync' }),
    }),
    '.States.A.Resource: Invalid value: "arn:aws:states:::dynamodb:putItem.sync": must not have .sync, which dynamodb:putItem does not take. Leave it out.',
    '.States.B.Resource: Invalid value: "arn:aws:states:::lambda:invoke.sync": must not have .sync, which lambda:invoke does not take. Use .waitForTaskToken, or leave it out.',
    '.States.C.Resource: Invalid value: "arn:aws:states:::glue:startJobRun.waitForTaskToken": must not have .waitForTaskToken, which glue:startJobRun does not take. Use .sync, or leave it out.',
    '.States.D.Resource: Invalid value: "arn:aws:states:::batch:submitJob.sync:2": must not have .sync:2, which batch:submitJob does not take. Use .sync, or leave it out.',
    '.States.E.Resource: Invalid value: "arn:aws:states:::aws-sdk:codebuild:startBuild.sync": must not wait for a job with .sync, which no call of the SDK takes. Use arn:aws:states:::codebuild:startBuild.sync, or leave .sync out.',
    '.States.F.Resource: Invalid value: "arn:aws:states:::aws-sdk:s3:copyObject.sync": must not wait for a job with .sync, which no call of the SDK takes. Leave .sync out.',
  ),
  row(
    'Express children that wait, also deep inside',
    children('EXPRESS', {
      Type: 'Parallel',
      Branches: [
        machine({ One: task({ Resource: WAITS }) }),
        machine({
          Two: {
            Type: 'Map',
            ItemProcessor: machine({ Three: task({ Resource: 'arn:aws:states:::glue:startJobRun.sync' }) }),
            End: true,
          },
        }),
        machine({ Four: task({ Resource: 'arn:aws:states:eu-west-1:111122223333:activity:sign' }) }),
      ],
      End: true,
    }),
    ...[
      `.Branches[0].States.One.Resource: Invalid value: "${WAITS}":`,
      '.Branches[2].States.Four.Resource: Invalid value: "arn:aws:states:eu-west-1:111122223333:activity:sign":',
      '.Branches[1].States.Two.ItemProcessor.States.Three.Resource: Invalid value: "arn:aws:states:::glue:startJobRun.sync":',
    ].map(
      (where) =>
        `.States.All.ItemProcessor.States.Each${where} must not wait, since the Express children of .States.All cannot. Use the integration without .sync or .waitForTaskToken, or ExecutionType: STANDARD there.`,
    ),
  ),
  row(
    'Express children with children of their own, and a wait that is too long',
    children('EXPRESS', {
      Type: 'Map',
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        ...machine({ Deep: pass }),
      },
      End: true,
    }),
    '.States.All.ItemProcessor.States.Each.ItemProcessor.ProcessorConfig.Mode: Invalid value: "DISTRIBUTED": must be INLINE for the Express children of .States.All. Use INLINE, or ExecutionType: STANDARD there.',
  ),
  express(
    row(
      'an Express execution that waits for longer than it lasts',
      machine({ A: { Type: 'Wait', Seconds: 600, End: true } }),
      '.States.A.Seconds: Invalid value: 600: must be less than 300, the most seconds that an Express execution takes. Wait shorter, or use Standard executions.',
    ),
  ),
  row(
    'a variable with a slip',
    then({ ...pass, Assign: { name: 'x' } }, say('{% $nmae %}'), JSONATA),
    '.States.Second.Output: Invalid value: "{% $nmae %}": reads $nmae, which nothing assigns. Did you mean $name?',
  ),
  row(
    'a variable called y, which YAML took for a boolean',
    then({ ...pass, Assign: { x: 1, true: 2 } }, say('{% $x + $y %}'), JSONATA),
    '.States.Second.Output: Invalid value: "{% $x + $y %}": reads $y, which nothing assigns, since YAML reads a bare y as true. Write "y" in quotes below Assign.',
  ),
  row(
    'variables that nothing assigns, wherever they stand',
    machine(
      {
        A: task({
          Arguments: { MessageBody: ['{% $uppercase($one.x) %}'] },
          Output: { x: '{% $map([1], function($v) { $v & $two }) %}' },
          Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $three %}', Next: 'B' }],
          TimeoutSeconds: '{% $four %}',
          End: undefined,
          Next: 'B',
        }),
        B: {
          Type: 'Choice',
          Choices: [{ Condition: '{% $five > 1 %}', Next: 'C' }],
          Default: 'C',
        },
        C: pass,
      },
      JSONATA,
    ),
    ...[
      '.States.A.Arguments.MessageBody[0]: Invalid value: "{% $uppercase($one.x) %}": reads $one',
      '.States.A.Output.x: Invalid value: "{% $map([1], function($v) { $v & $two }) %}": reads $two',
      '.States.A.Catch[0].Output: Invalid value: "{% $three %}": reads $three',
      '.States.A.TimeoutSeconds: Invalid value: "{% $four %}": reads $four',
      '.States.B.Choices[0].Condition: Invalid value: "{% $five > 1 %}": reads $five',
    ].map((where) => `${where}, which nothing assigns. Assign it in an earlier state, or read the input.`),
  ),
  row(
    'variables that nothing assigns, in paths',
    machine({
      A: {
        Type: 'Map',
        InputPath: '$one',
        ItemsPath: '$two.list',
        ItemSelector: { 'a.$': "States.Format('{} $no', $three)" },
        ItemProcessor: machine({ Each: { Type: 'Wait', SecondsPath: '$four', End: true } }),
        ResultPath: '$.five',
        Next: 'B',
      },
      B: {
        Type: 'Choice',
        Choices: [{ And: [{ Variable: '$six', NumericEqualsPath: '$seven' }], Next: 'C' }],
        Default: 'C',
      },
      C: { ...pass, Parameters: { 'x.$': '$states.input' } },
    }),
    ...[
      '.States.A.InputPath: Invalid value: "$one": reads $one',
      '.States.A.ItemsPath: Invalid value: "$two.list": reads $two',
      '.States.A.ItemSelector.a.$: Invalid value: "States.Format(\'{} $no\', $three)": reads $three',
      '.States.B.Choices[0].And[0].Variable: Invalid value: "$six": reads $six',
      '.States.B.Choices[0].And[0].NumericEqualsPath: Invalid value: "$seven": reads $seven',
    ].map((where) => `${where}, which nothing assigns. Assign it in an earlier state, or read the input.`),
    '.States.C.Parameters.x.$: Invalid value: "$states.input": reads $states, which only JSONata states have. Read $ for the input, or $$ for the context.',
    '.States.A.ItemProcessor.States.Each.SecondsPath: Invalid value: "$four": reads $four, which nothing assigns. Assign it in an earlier state, or read the input.',
  ),
  row(
    'variables that are assigned too late, or inside of a branch',
    machine(
      {
        A: { ...pass, Output: '{% $late %}', Assign: { late: 1 }, End: undefined, Next: 'B' },
        B: { Type: 'Parallel', Branches: [machine({ In: { ...pass, Assign: { inside: 1 } } })], Next: 'C' },
        C: say('{% $inside %}'),
      },
      JSONATA,
    ),
    '.States.A.Output: Invalid value: "{% $late %}": reads $late, which no state before this one assigns. Assign it earlier; what a branch or a Map’s child assigns is seen in there alone.',
    '.States.C.Output: Invalid value: "{% $inside %}": reads $inside, which no state before this one assigns. Assign it earlier; what a branch or a Map’s child assigns is seen in there alone.',
  ),
  row(
    'a variable of outside of a Distributed Map',
    machine(
      {
        Set: { Type: 'Pass', Assign: { tenant: 'x' }, Next: 'All' },
        All: {
          Type: 'Map',
          ItemSelector: { tenant: '{% $tenant %}' },
          ItemProcessor: {
            ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
            ...machine({ Each: say('{% $tenant %}') }),
          },
          End: true,
        },
      },
      JSONATA,
    ),
    '.States.All.ItemProcessor.States.Each.Output: Invalid value: "{% $tenant %}": reads $tenant, which is assigned outside of the Distributed Map, whose children do not see it. Give it to them with .States.All.ItemSelector.',
  ),
  row(
    'heartbeats that come too late',
    machine({
      A: task({ Resource: WAITS, TimeoutSeconds: 60, HeartbeatSeconds: 600, End: undefined, Next: 'B' }),
      B: task({ Resource: WAITS, ...JSONATA, TimeoutSeconds: '{% 60 %}', HeartbeatSeconds: 60 }),
    }),
    '.States.A.HeartbeatSeconds: Invalid value: 600: must be shorter than TimeoutSeconds, 60. Make it shorter.',
    '.States.B.HeartbeatSeconds: Invalid value: 60: must be shorter than TimeoutSeconds, 60. Make it shorter.',
  ),
  {
    ...row(
      'times that are none, and both forms at once',
      machine({
        A: task({ TimeoutSeconds: 0, HeartbeatSeconds: -1, End: undefined, Next: 'B' }),
        B: task({
          TimeoutSeconds: 5,
          TimeoutSecondsPath: '$.t',
          HeartbeatSeconds: 1,
          HeartbeatSecondsPath: '$.h',
        }),
      }),
      '.States.A.TimeoutSeconds: Invalid value: 0: must be a whole number from 1 to 99999999. Write one.',
      '.States.A.HeartbeatSeconds: Invalid value: -1: must be a whole number from 1 to 99999999. Write one.',
      '.States.B: Forbidden: TimeoutSeconds and TimeoutSecondsPath exclude each other. Keep one of them.',
      '.States.B: Forbidden: HeartbeatSeconds and HeartbeatSecondsPath exclude each other. Keep one of them.',
    ),
  },
  row(
    'a state called N, which YAML took for a boolean',
    { StartAt: false, States: { false: pass } },
    '.StartAt: Invalid value: false: must be the name of a state, but YAML reads a bare N, no or off as false. Write the state’s name in quotes, here and below States.',
  ),
  row(
    'a state called N, in quotes where it is gone to',
    machine({ A: { Type: 'Pass', Next: 'N' }, false: pass }),
    '.States.A.Next: Invalid value: "N": is not the name of a state, but false is, since YAML reads a bare N as false. Write "N" in quotes below States too.',
  ),
  row(
    'states called Y and on, wherever they are gone to',
    machine({
      A: {
        Type: 'Choice',
        Choices: [{ Variable: '$.a', StringEquals: false, Next: true }],
        Default: true,
      },
      true: pass,
    }),
    '.States.A.Choices[0].StringEquals: Invalid value: false: must be a string. Write the word in quotes.',
    '.States.A.Choices[0].Next: Invalid value: true: must be the name of a state, but YAML reads a bare Y, yes or on as true. Write the state’s name in quotes, here and below States.',
    '.States.A.Default: Invalid value: true: must be the name of a state, but YAML reads a bare Y, yes or on as true. Write the state’s name in quotes, here and below States.',
  ),
  row(
    'filters that are never closed, or empty',
    machine({ A: { ...pass, Parameters: { 'a.$': '$.a[?(@.b == (1)]', 'b.$': '$.a[?()]' } } }),
    ...['a.$: Invalid value: "$.a[?(@.b == (1)]":', 'b.$: Invalid value: "$.a[?()]":'].map(
      (where) =>
        `.States.A.Parameters.${where} must be a path or an intrinsic function. Begin it with $ or States., or drop .$ from the field for a constant.`,
    ),
  ),
];
