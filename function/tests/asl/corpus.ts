/** State machines, each wrong in one way or right in a way that is easily taken for wrong. */
import { check } from '../../src/asl/check.ts';
import { lineOf } from '../../src/errors.ts';
import type { Json } from '../../src/objects.ts';

export interface Sample {
  /** Says why it is here. */
  why: string;
  definition: unknown;
  /** The errors, as lines, without the definition's own path, which all of them begin with; none where it is right. */
  problems: string[];
  execution?: 'Express';
  /** Why `asl-validator` says the opposite; absent where it agrees. */
  readonly differs?: string;
}

export const pass: Json = { Type: 'Pass', End: true };
export const machine = (States: Json, more: Json = {}): Json => ({
  StartAt: Object.keys(States)[0],
  States,
  ...more,
});
export const task = (more: Json = {}): Json => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::sqs:sendMessage',
  End: true,
  ...more,
});
const jsonata = { QueryLanguage: 'JSONata' };
const is = { Variable: '$.a', IsPresent: true };
const choice = (rule: Json, more: Json = {}) =>
  machine({
    Ask: { Type: 'Choice', Choices: [{ ...rule, Next: 'Done' }], Default: 'Done', ...more },
    Done: pass,
  });
const map = (more: Json = {}, processor: Json = {}): Json => ({
  Type: 'Map',
  ItemProcessor: { ...machine({ Each: pass }), ...processor },
  End: true,
  ...more,
});
const distributed = { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } };

const right: Omit<Sample, 'problems'>[] = [
  { why: 'the smallest', definition: machine({ Only: pass }) },
  {
    why: 'a choice in words of JSONPath',
    definition: choice({ And: [is, { Not: { Variable: '$$.Execution.Name', StringMatches: 'a*' } }] }),
  },
  {
    why: 'a choice in JSONata',
    definition: machine(
      {
        Ask: {
          Type: 'Choice',
          Choices: [{ Condition: "{% $states.input.size > 0 and $states.input.name != '' %}", Next: 'Done' }],
        },
        Done: pass,
      },
      jsonata,
    ),
  },
  {
    why: 'a state of its own language',
    definition: machine({
      Name: { ...pass, Assign: { 'name.$': '$.name' }, End: undefined, Next: 'Ask' },
      Ask: task({
        ...jsonata,
        Arguments: { MessageBody: '{% $states.input.a & $name %}' },
        Output: '{% $states.result %}',
        Assign: { x: 1 },
      }),
    }),
  },
  {
    why: 'filters, steps and functions have a current value',
    definition: machine(
      {
        Only: {
          Type: 'Pass',
          End: true,
          Output:
            "{% $states.input.items[size > 3].{ 'name': name, 'all': $$ } ~> $map(function($one) { $one.name }) %}",
        },
      },
      jsonata,
    ),
  },
  {
    why: 'a pipe into a function',
    definition: machine(
      {
        Only: {
          Type: 'Pass',
          End: true,
          Output: { sum: '{% $sum($states.input.items.price) ~> $round(2) %}', plain: 'text' },
        },
      },
      jsonata,
    ),
  },
  {
    why: 'a loop with a way out',
    definition: machine({
      Work: { Type: 'Pass', Next: 'Ask' },
      Ask: { Type: 'Choice', Choices: [{ ...is, Next: 'Work' }], Default: 'Done' },
      Done: { Type: 'Succeed' },
    }),
  },
  {
    why: 'branches',
    definition: machine({
      Both: {
        Type: 'Parallel',
        Branches: [machine({ One: pass }), machine({ Two: { Type: 'Fail' } })],
        End: true,
        ResultPath: '$.both',
        Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 0 }],
      },
    }),
  },
  {
    why: 'a map of the older kind',
    definition: machine({
      All: {
        Type: 'Map',
        Iterator: machine({ Each: pass }),
        ItemsPath: '$.items',
        Parameters: { 'one.$': '$$.Map.Item.Value' },
        MaxConcurrency: 3,
        End: true,
      },
    }),
  },
  {
    why: 'a map of items that an expression gives',
    definition: machine(
      {
        All: {
          ...map({ Items: '{% [1..3] %}', ItemSelector: { n: '{% $states.context.Map.Item.Value %}' } }),
        },
      },
      jsonata,
    ),
  },
  {
    why: 'a Distributed Map',
    definition: machine({
      All: map(
        {
          ItemReader: { Resource: 'arn:aws:states:::s3:listObjectsV2', Parameters: { Bucket: 'b' } },
          ItemBatcher: { MaxItemsPerBatch: 10 },
          ResultWriter: {
            Resource: 'arn:aws:states:::s3:putObject',
            Parameters: { Bucket: 'b', Prefix: 'p' },
          },
          ToleratedFailurePercentage: 5,
          Label: 'L',
        },
        distributed,
      ),
    }),
  },
  {
    why: 'all four waits',
    definition: machine({
      A: { Type: 'Wait', Seconds: 0, Next: 'B' },
      B: { Type: 'Wait', SecondsPath: '$.s', Next: 'C' },
      C: { Type: 'Wait', Timestamp: '2027-01-31T08:30:00Z', Next: 'D' },
      D: { Type: 'Wait', TimestampPath: '$.t', End: true },
    }),
  },
  {
    why: 'a catcher that goes on, with a result',
    definition: machine({
      Try: task({
        Catch: [
          { ErrorEquals: ['A', 'B'], Next: 'Give up' },
          { ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Give up' },
        ],
        Retry: [
          {
            ErrorEquals: ['States.TaskFailed'],
            IntervalSeconds: 1,
            MaxDelaySeconds: 5,
            BackoffRate: 1.5,
            JitterStrategy: 'FULL',
          },
        ],
      }),
      'Give up': {
        Type: 'Fail',
        ErrorPath: '$.error.Error',
        CausePath: "States.Format('it was {}', $.error.Cause)",
      },
    }),
  },
  {
    why: 'paths in all spellings',
    definition: machine({
      Assign: { Type: 'Pass', Assign: { variable: { field: 1 } }, Next: 'Only' },
      Only: {
        Type: 'Pass',
        End: true,
        InputPath: "$.a['b c'][0].d",
        OutputPath: '$$',
        ResultPath: "$['a'].b",
        Parameters: {
          'x.$': '$..book[?(@.price < 10)].title',
          'y.$': '$.a[0:2]',
          'z.$': '$variable.field',
          'w.$': "States.Array(1, 'it\\'s (fine), $', States.UUID(), $.a[*], null)",
        },
      },
    }),
  },
  {
    why: 'paths that AWS takes besides: a bracket after a dot, a function at the end',
    definition: machine({
      Only: { ...pass, Parameters: { 'x.$': "$.abc.['def ghi']", 'y.$': '$.items.length()' } },
    }),
    differs: 'its JSONPath knows neither',
  },
  {
    why: 'a map over the fields of an object',
    differs: 'it knows lists only',
    definition: machine(
      { Each: { Type: 'Map', Items: { a: 1 }, ItemProcessor: machine({ One: pass }), End: true } },
      { QueryLanguage: 'JSONata' },
    ),
  },
  {
    why: 'a function’s own ARN',
    definition: machine({
      Run: task({ Resource: 'arn:aws:lambda:eu-west-1:111122223333:function:resize:live' }),
    }),
  },
  {
    why: 'names with blanks and letters of any alphabet',
    definition: machine({ 'Größe prüfen …': { ...pass } }),
  },
  {
    why: 'dollar signs that are no paths',
    definition: machine({
      Only: task({ Parameters: { MessageBody: { price: '$5', note: 'States.Format' } } }),
    }),
  },
  {
    why: 'Express may call, and wait by itself',
    definition: machine({
      A: task({ Next: 'B', End: undefined }),
      B: { Type: 'Wait', Seconds: 1, End: true },
    }),
    execution: 'Express',
  },
  { why: 'a name of 80 characters', definition: machine({ ['n'.repeat(80)]: pass }) },
  {
    why: 'a Choice and a rule that assign',
    definition: choice({ ...is, Assign: { 'a.$': '$.a' } }, { Assign: { b: 1 } }),
  },
];

const wrong: Sample[] = [
  {
    why: 'a number of DynamoDB that YAML took for a boolean',
    definition: machine({
      A: task({
        Resource: 'arn:aws:states:::dynamodb:putItem',
        Parameters: { Item: { size: { false: '1' } } },
      }),
    }),
    problems: [
      '.States.A.Parameters.Item.size.false: Invalid value: "1": must be of a type of DynamoDB, but is of the type false, since YAML reads a bare N as false. Write "N" in quotes.',
    ],
    differs: 'it does not look at what a service takes',
  },
  {
    why: 'no object',
    definition: 'text',
    problems: [': Invalid value: "text": must be a state machine. Write an object with StartAt and States.'],
  },
  {
    why: 'nothing at all',
    definition: {},
    problems: [
      '.States: Required value: must have at least one state. Write one below its name.',
      '.StartAt: Required value: must be the name of a state. There are: none.',
    ],
  },
  {
    why: 'StartAt of a state that is not there',
    definition: { StartAt: 'Frist', States: { First: pass } },
    problems: [
      '.StartAt: Invalid value: "Frist": is not the name of a state. Did you mean First? There are: First.',
    ],
  },
  {
    why: 'Next of a state that is not there',
    definition: machine({ A: { Type: 'Pass', Next: 'Z9' }, Bee: pass }),
    problems: [
      '.States.A.Next: Invalid value: "Z9": is not the name of a state. There are: A, Bee.',
      '.States.Bee: Invalid value: "Bee": is reached from no state. Point a Next at it, or remove it.',
      '.States: Invalid value: "A": starts what never ends. Give the last state End: true, or go to a Succeed or Fail state.',
    ],
  },
  {
    why: 'a catcher and a rule that lead nowhere',
    definition: machine({
      A: task({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Gone' }], Next: 'B', End: undefined }),
      B: { Type: 'Choice', Choices: [{ ...is, Next: 'Gone too' }], Default: 'C' },
      C: pass,
    }),
    problems: [
      '.States.A.Catch[0].Next: Invalid value: "Gone": is not the name of a state. There are: A, B, C.',
      '.States.B.Choices[0].Next: Invalid value: "Gone too": is not the name of a state. There are: A, B, C.',
    ],
  },
  {
    why: 'a Default that is not there',
    definition: machine({ B: { Type: 'Choice', Choices: [{ ...is, Next: 'C' }], Default: 'D' }, C: pass }),
    problems: ['.States.B.Default: Invalid value: "D": is not the name of a state. There are: B, C.'],
  },
  {
    why: 'a branch that leaves itself',
    definition: machine({
      Both: { Type: 'Parallel', Branches: [machine({ In: { Type: 'Pass', Next: 'Out' } })], Next: 'Out' },
      Out: pass,
    }),
    problems: [
      '.States.Both.Branches[0].States.In.Next: Invalid value: "Out": is a state outside of .States.Both.Branches[0]. A state goes to states of its own machine only. There are: In.',
      '.States.Both.Branches[0].States: Invalid value: "In": starts what never ends. Give the last state End: true, or go to a Succeed or Fail state.',
    ],
  },
  {
    why: 'a map that leaves itself',
    definition: machine({
      All: map(
        {},
        machine({ In: { Type: 'Choice', Choices: [{ ...is, Next: 'All' }], Default: 'Ok' }, Ok: pass }),
      ),
    }),
    problems: [
      '.States.All.ItemProcessor.States.In.Choices[0].Next: Invalid value: "All": is a state outside of .States.All.ItemProcessor. A state goes to states of its own machine only. There are: In, Ok.',
    ],
    differs: 'it looks into Iterator, not into ItemProcessor, for transitions that leave it',
  },
  {
    why: 'the machine that goes into a branch',
    definition: machine({ Both: { Type: 'Parallel', Branches: [machine({ In: pass })], Next: 'In' } }),
    problems: [
      '.States.Both.Next: Invalid value: "In": is a state outside of definition. A state goes to states of its own machine only. There are: Both.',
      '.States: Invalid value: "Both": starts what never ends. Give the last state End: true, or go to a Succeed or Fail state.',
    ],
  },
  {
    why: 'a state that nothing reaches',
    definition: machine({ A: pass, B: { Type: 'Pass', Next: 'A' } }),
    problems: ['.States.B: Invalid value: "B": is reached from no state. Point a Next at it, or remove it.'],
  },
  {
    why: 'two states that only reach each other',
    definition: machine({ A: pass, B: { Type: 'Pass', Next: 'C' }, C: { Type: 'Pass', Next: 'B' } }),
    problems: [
      '.States.B: Invalid value: "B": is reached from no state. Point a Next at it, or remove it.',
      '.States.C: Invalid value: "C": is reached from no state. Point a Next at it, or remove it.',
    ],
    differs: 'it asks only whether any state names another, not whether the start reaches it',
  },
  {
    why: 'a loop without a way out',
    definition: machine({ A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } }),
    problems: [
      '.States: Invalid value: "A": starts what never ends. Give the last state End: true, or go to a Succeed or Fail state.',
    ],
  },
  {
    why: 'neither Next nor End',
    definition: machine({ A: { Type: 'Pass' } }),
    problems: [
      '.States.A: Required value: a Pass state needs one of Next, End. Add one.',
      '.States: Invalid value: "A": starts what never ends. Give the last state End: true, or go to a Succeed or Fail state.',
    ],
  },
  {
    why: 'both Next and End',
    definition: machine({ A: { ...pass, Next: 'B' }, B: pass }),
    problems: ['.States.A: Forbidden: Next and End exclude each other. Keep one of them.'],
  },
  {
    why: 'End: false',
    definition: machine({ A: { Type: 'Pass', End: false } }),
    problems: [
      '.States.A.End: Invalid value: false: must be true. Write End: true, or leave it out and name the Next state.',
      '.States: Invalid value: "A": starts what never ends. Give the last state End: true, or go to a Succeed or Fail state.',
    ],
  },
  {
    why: 'a Choice that ends',
    definition: choice(is, { End: true }),
    differs: 'it lets a Choice end',
    problems: [
      '.States.Ask.End: Invalid value: true: unknown field of a Choice state. There are: Type, Comment, QueryLanguage, Choices, Default, InputPath, OutputPath, Assign.',
    ],
  },
  {
    why: 'a Succeed that goes on',
    definition: machine({ A: { Type: 'Succeed', Next: 'B' }, B: pass }),
    problems: [
      '.States.A.Next: Invalid value: "B": unknown field of a Succeed state. There are: Type, Comment, QueryLanguage, InputPath, OutputPath.',
    ],
  },
  {
    why: 'a Fail with a way on',
    definition: machine({ A: { Type: 'Fail', End: true } }),
    problems: [
      '.States.A.End: Invalid value: true: unknown field of a Fail state. There are: Type, Comment, QueryLanguage, Error, ErrorPath, Cause, CausePath.',
    ],
  },
  {
    why: 'an unknown type',
    definition: machine({ A: { Type: 'Taks', End: true } }),
    problems: [
      '.States.A.Type: Unsupported value: "Taks": supported values: "Task", "Pass", "Choice", "Wait", "Parallel", "Map", "Succeed", "Fail". Use one of them.',
    ],
  },
  {
    why: 'no type',
    definition: machine({ A: { End: true } }),
    problems: [
      '.States.A.Type: Required value: supported values: "Task", "Pass", "Choice", "Wait", "Parallel", "Map", "Succeed", "Fail". Use one of them.',
    ],
  },
  {
    why: 'a field’s name with a slip',
    definition: machine({ A: { ...pass, Comments: 'x' } }),
    problems: [
      '.States.A.Comments: Invalid value: "x": unknown field of a Pass state. Did you mean Comment? There are: Type, Comment, QueryLanguage, Next, End, InputPath, OutputPath, Assign, Parameters, ResultPath, Result.',
    ],
  },
  {
    why: 'a Task that calls nothing',
    definition: machine({ A: { Type: 'Task', End: true } }),
    problems: ['.States.A.Resource: Required value: a Task state needs Resource. Add it.'],
  },
  {
    why: 'a Task that calls no ARN',
    definition: machine({ A: task({ Resource: 'resize-image' }) }),
    problems: [
      '.States.A.Resource: Invalid value: "resize-image": must be something that a Task can call. Use an integration such as arn:aws:states:::dynamodb:putItem, or a function’s ARN.',
    ],
  },
  {
    why: 'a Wait that does not say how long',
    definition: machine({ A: { Type: 'Wait', End: true } }),
    problems: [
      '.States.A: Required value: a Wait state needs one of Seconds, SecondsPath, Timestamp, TimestampPath. Add one.',
    ],
  },
  {
    why: 'a Wait for half a second',
    definition: machine({ A: { Type: 'Wait', Seconds: 0.5, End: true } }),
    differs: 'it takes fractions of a second',
    problems: [
      '.States.A.Seconds: Invalid value: 0.5: must be a whole number from 0 to 99999999. Write one.',
    ],
  },
  {
    why: 'a Choice without rules',
    definition: machine({ A: { Type: 'Choice', Default: 'B' }, B: pass }),
    problems: ['.States.A.Choices: Required value: a Choice state needs Choices. Add it.'],
  },
  {
    why: 'a Parallel without branches',
    definition: machine({ A: { Type: 'Parallel', End: true } }),
    problems: ['.States.A.Branches: Required value: a Parallel state needs Branches. Add it.'],
  },
  {
    why: 'a Parallel with an empty list',
    definition: machine({ A: { Type: 'Parallel', Branches: [], End: true } }),
    problems: [
      '.States.A.Branches: Invalid value: []: must be a list of branches. Write at least one, with StartAt and States.',
    ],
    differs: 'it takes an empty list of branches, which the specification does not speak of and AWS refuses',
  },
  {
    why: 'a Map without a processor',
    definition: machine({ A: { Type: 'Map', End: true } }),
    problems: ['.States.A: Required value: a Map state needs one of ItemProcessor, Iterator. Add one.'],
  },
  {
    why: 'fields of JSONPath in JSONata',
    definition: machine({ A: task({ Parameters: { a: 1 }, ResultPath: null, InputPath: '$' }) }, jsonata),
    problems: [
      '.States.A.Parameters: Forbidden: only states in JSONPath have this field, and this one is in JSONata. Use Arguments (ItemSelector in a Map, Output in a Pass), or set the state’s QueryLanguage.',
      '.States.A.ResultPath: Forbidden: only states in JSONPath have this field, and this one is in JSONata. Use Output, or set the state’s QueryLanguage.',
      '.States.A.InputPath: Forbidden: only states in JSONPath have this field, and this one is in JSONata. Use $states.input in the expressions, or set the state’s QueryLanguage.',
    ],
  },
  {
    why: 'fields of JSONata in JSONPath',
    definition: machine({ A: task({ Arguments: {}, Output: '{% 1 %}' }) }),
    problems: [
      '.States.A.Arguments: Forbidden: only states in JSONata have this field, and this one is in JSONPath. Use Parameters, or set the state’s QueryLanguage.',
      '.States.A.Output: Forbidden: only states in JSONata have this field, and this one is in JSONPath. Use ResultSelector, ResultPath and OutputPath, or set the state’s QueryLanguage.',
    ],
  },
  {
    why: 'a path below JSONata',
    definition: machine({ A: task({ Arguments: { MessageBody: { 'a.$': '$.a' } } }) }, jsonata),
    problems: [
      '.States.A.Arguments.MessageBody.a.$: Forbidden: only JSONPath states have fields that end in .$, and this one is in JSONata. Name it a and write {% ... %}.',
    ],
    differs: 'it takes any name of a field',
  },
  {
    why: 'an expression in JSONPath',
    definition: machine({ A: task({ Parameters: { MessageBody: '{% 1 %}' } }) }),
    problems: [
      '.States.A.Parameters.MessageBody: Invalid value: "{% 1 %}": must not be a JSONata expression in a JSONPath state, which takes it for plain text. Set QueryLanguage: JSONata in the state, or write a path.',
    ],
    differs: 'plain text it is, but nobody means it so',
  },
  {
    why: 'a state that goes back to JSONPath',
    definition: machine({ A: { ...pass, QueryLanguage: 'JSONPath' } }, jsonata),
    problems: [
      '.States.A.QueryLanguage: Forbidden: no state goes back to JSONPath below a definition in JSONata. Set JSONata in single states instead.',
    ],
    differs: 'it does not look at the definition’s language',
  },
  {
    why: 'an unknown language',
    definition: machine({ A: pass }, { QueryLanguage: 'jsonata' }),
    problems: [
      '.QueryLanguage: Unsupported value: "jsonata": supported values: "JSONPath", "JSONata". Use one of them.',
    ],
  },
  {
    why: 'a name of 81 characters',
    definition: machine({ ['n'.repeat(81)]: pass }),
    problems: [
      `.States.${'n'.repeat(81)}: Too long: must have at most 80 characters, but has 81. Shorten the name.`,
    ],
  },
  {
    why: 'a name twice, in two branches',
    definition: machine({
      Both: { Type: 'Parallel', Branches: [machine({ One: pass }), machine({ One: pass })], End: true },
    }),
    problems: [
      '.States.Both.Branches[1].States.One: Duplicate value: "One": is the name of .States.Both.Branches[0].States.One too. Rename one of them.',
    ],
  },
  {
    why: 'a retrier of nothing',
    definition: machine({ A: task({ Retry: [{ ErrorEquals: [] }] }) }),
    problems: [
      '.States.A.Retry[0].ErrorEquals: Invalid value: []: must be a list of errors. Name at least one, such as States.ALL.',
    ],
    differs: 'it takes an empty list, which the specification forbids',
  },
  {
    why: 'States.ALL in company',
    definition: machine({ A: task({ Retry: [{ ErrorEquals: ['States.ALL', 'States.Timeout'] }] }) }),
    problems: [
      '.States.A.Retry[0].ErrorEquals: Invalid value: ["States.ALL","States.Timeout"]: must have States.ALL alone, since that stands for all others. Remove the others.',
    ],
    differs: 'it does not look at the place of States.ALL',
  },
  {
    why: 'States.ALL before others',
    definition: machine({
      A: task({
        Catch: [
          { ErrorEquals: ['States.ALL'], Next: 'B' },
          { ErrorEquals: ['X'], Next: 'B' },
        ],
      }),
      B: pass,
    }),
    problems: [
      '.States.A.Catch[0].ErrorEquals: Invalid value: ["States.ALL"]: must be the last one, since nothing is left for those after it. Put it last.',
    ],
    differs: 'it does not look at the place of States.ALL',
  },
  {
    why: 'a retrier with odd numbers',
    definition: machine({
      A: task({
        Retry: [
          {
            ErrorEquals: ['X'],
            IntervalSeconds: 0,
            MaxAttempts: -1,
            BackoffRate: 0.5,
            MaxDelaySeconds: 1,
            Jitter: 'FULL',
          },
        ],
      }),
    }),
    problems: [
      '.States.A.Retry[0].IntervalSeconds: Invalid value: 0: must be a whole number from 1 to 99999999. Write one.',
      '.States.A.Retry[0].MaxAttempts: Invalid value: -1: must be a whole number from 0 to 99999999. Write one.',
      '.States.A.Retry[0].BackoffRate: Invalid value: 0.5: must be a number of 1 or more. Give the factor by which each wait grows.',
      '.States.A.Retry[0].Jitter: Invalid value: "FULL": unknown field of Retry in a JSONPath state. There are: ErrorEquals, Comment, IntervalSeconds, MaxAttempts, BackoffRate, MaxDelaySeconds, JitterStrategy.',
    ],
  },
  {
    why: 'a longest delay that is the first',
    definition: machine({
      A: task({ Retry: [{ ErrorEquals: ['X'], IntervalSeconds: 5, MaxDelaySeconds: 5 }] }),
    }),
    problems: [
      '.States.A.Retry[0].MaxDelaySeconds: Invalid value: 5: must be longer than IntervalSeconds, 5. Make it longer.',
    ],
    differs: 'it does not compare the two',
  },
  {
    why: 'handlers where there are none',
    definition: machine({ A: { ...pass, Retry: [] } }),
    problems: [
      '.States.A.Retry: Invalid value: []: unknown field of a Pass state. There are: Type, Comment, QueryLanguage, Next, End, InputPath, OutputPath, Assign, Parameters, ResultPath, Result.',
    ],
  },
  {
    why: 'over a megabyte',
    definition: machine({ A: { ...pass, Comment: 'c'.repeat(1024 * 1024) } }),
    problems: [': Too long: must have at most 1048576 bytes, but has 1048646. Shorten the definition.'],
    differs: 'it does not look at the size',
  },
  {
    why: 'JSONata that does not parse',
    definition: machine({ A: { ...pass, Output: { x: '{% $states.input. %}' } } }, jsonata),
    problems: [
      '.States.A.Output.x: Invalid value: "{% $states.input. %}": is not JSONata: Unexpected end of expression (at character 16). Correct the expression.',
    ],
  },
  {
    why: 'half an expression',
    definition: machine({ A: { ...pass, Output: { x: ' {% 1 %}', y: '{% 1' } } }, jsonata),
    problems: [
      '.States.A.Output.x: Invalid value: " {% 1 %}": must both begin with {% and end with %}, without spaces around. Write both, or neither.',
      '.States.A.Output.y: Invalid value: "{% 1": must both begin with {% and end with %}, without spaces around. Write both, or neither.',
    ],
  },
  {
    why: 'names that stand for nothing',
    definition: machine(
      {
        A: {
          ...pass,
          Output: {
            a: '{% key %}',
            b: '{% $ %}',
            c: '{% $uppercase($$.key) %}',
            d: "{% $states.input ? { 'k': name } : 1 %}",
          },
        },
      },
      jsonata,
    ),
    problems: [
      '.States.A.Output.a: Invalid value: "{% key %}": reads key from nowhere. Begin with a variable, such as $states.input.key.',
      '.States.A.Output.b: Invalid value: "{% $ %}": reads $ from nowhere. Begin with a variable, such as $states.input.',
      '.States.A.Output.c: Invalid value: "{% $uppercase($$.key) %}": reads $$ from nowhere. Begin with a variable, such as $states.input.',
      '.States.A.Output.d: Invalid value: "{% $states.input ? { \'k\': name } : 1 %}": reads name from nowhere. Begin with a variable, such as $states.input.name.',
    ],
    differs: 'it parses expressions and does not look into them',
  },
  {
    why: 'JSONata that Step Functions lacks',
    definition: machine(
      { A: { ...pass, Output: { a: "{% $eval('1') %}", b: '{% 1 ?? 1 %}', c: "{% 1 ? '??' : '?:' %}" } } },
      jsonata,
    ),
    problems: [
      '.States.A.Output.a: Invalid value: "{% $eval(\'1\') %}": calls $eval, which Step Functions does not have. Use $parse for JSON text.',
      '.States.A.Output.b: Invalid value: "{% 1 ?? 1 %}": uses ?? or ?:, which Step Functions’ JSONata 2.0.6 does not know. Write it as $exists(a) ? a : b.',
    ],
    differs: 'its parser is newer than Step Functions’',
  },
  {
    why: 'paths that are none',
    definition: machine({
      A: {
        ...pass,
        InputPath: 'a.b',
        OutputPath: '$.a b',
        ResultPath: '$.a[*]',
        Parameters: { 'x.$': 'key', 'y.$': '$.a[' },
      },
    }),
    problems: [
      '.States.A.InputPath: Invalid value: "a.b": must be a path. Write one such as $.file.key or $[\'file name\'], or null.',
      '.States.A.OutputPath: Invalid value: "$.a b": must be a path. Write one such as $.file.key or $[\'file name\'], or null.',
      '.States.A.ResultPath: Invalid value: "$.a[*]": must be a reference path into the state’s data. Write one such as $.result, or null to drop the result.',
      '.States.A.Parameters.x.$: Invalid value: "key": must be a path or an intrinsic function. Begin it with $ or States., or drop .$ from the field for a constant.',
      '.States.A.Parameters.y.$: Invalid value: "$.a[": must be a path or an intrinsic function. Begin it with $ or States., or drop .$ from the field for a constant.',
    ],
  },
  {
    why: 'a result in the context or a variable',
    definition: machine({
      A: { ...pass, ResultPath: '$$.x', Next: 'B', End: undefined },
      B: { ...pass, ResultPath: '$x' },
    }),
    problems: [
      '.States.A.ResultPath: Invalid value: "$$.x": must be a reference path into the state’s data. Write one such as $.result, or null to drop the result.',
      '.States.B.ResultPath: Invalid value: "$x": must be a reference path into the state’s data. Write one such as $.result, or null to drop the result.',
    ],
  },
  {
    why: 'intrinsic functions that are none',
    definition: machine({
      A: {
        ...pass,
        Parameters: {
          'a.$': "States.Formt('{}', $.a)",
          'b.$': 'States.UUID(1)',
          'c.$': "States.Format('{}', a)",
          'd.$': "States.Format('{}'",
          'e.$': 'States.Array(States.MathAdd(1))',
          'f.$': "States.Array('x, [1)",
        },
      },
    }),
    problems: [
      '.States.A.Parameters.a.$: Invalid value: "States.Formt(\'{}\', $.a)": calls States.Formt, which does not exist. Did you mean States.Format?',
      '.States.A.Parameters.b.$: Invalid value: "States.UUID(1)": gives States.UUID 1 argument, but it takes 0. Give it as many as it takes.',
      '.States.A.Parameters.c.$: Invalid value: "States.Format(\'{}\', a)": has the argument a. Give a path, a number, or a string in single quotes.',
      ".States.A.Parameters.d.$: Invalid value: \"States.Format('{}'\": is not an intrinsic function. Write it as States.Format('{}', $.name), with its closing parenthesis.",
      '.States.A.Parameters.e.$: Invalid value: "States.Array(States.MathAdd(1))": gives States.MathAdd 1 argument, but it takes 2. Give it as many as it takes.',
      '.States.A.Parameters.f.$: Invalid value: "States.Array(\'x, [1)": has a quote, bracket or parenthesis without its partner. Write strings in single quotes.',
    ],
  },
  {
    why: 'a constant and a path of one name',
    definition: machine({ A: { ...pass, Parameters: { a: 1, 'a.$': '$.a' } } }),
    problems: ['.States.A.Parameters.a.$: Forbidden: a and a.$ exclude each other. Keep one of them.'],
  },
  {
    why: 'a comparison that does not exist',
    definition: choice({ Variable: '$.a', StringEqual: 'x' }),
    problems: [
      '.States.Ask.Choices[0].StringEqual: Invalid value: "x": unknown comparison. Did you mean StringEquals?',
    ],
  },
  {
    why: 'two comparisons in one rule',
    definition: choice({ Variable: '$.a', IsPresent: true, StringEquals: 'x' }),
    problems: [
      '.States.Ask.Choices[0]: Forbidden: a rule has one comparison, and this one has IsPresent and StringEquals. Put each into a test of its own below And.',
    ],
  },
  {
    why: 'a comparison with the wrong kind of value',
    definition: choice({ Variable: '$.a', NumericEquals: '5' }),
    problems: ['.States.Ask.Choices[0].NumericEquals: Invalid value: "5": must be a number. Write one.'],
  },
  {
    why: 'a rule without a variable',
    definition: choice({ IsPresent: true }),
    problems: [
      '.States.Ask.Choices[0].Variable: Required value: must be a path. Say what is compared, such as $.size.',
    ],
  },
  {
    why: 'Next inside And',
    definition: choice({ And: [{ ...is, Next: 'Done' }] }),
    problems: [
      '.States.Ask.Choices[0].And[0].Next: Forbidden: no test inside And, Or or Not has Next. Move it to the rule itself.',
    ],
    differs: 'it says that it must not, and does not look',
  },
  {
    why: 'a rule in the other language',
    definition: choice({ Condition: '{% true %}' }),
    problems: [
      '.States.Ask.Choices[0].Condition: Forbidden: only JSONata states have conditions. Set QueryLanguage: JSONata in the state, or compare a Variable.',
    ],
  },
  {
    why: 'a variable called states',
    definition: machine({ A: { ...pass, Assign: { states: 1, 'a-b': 2 } } }),
    problems: [
      '.States.A.Assign.states: Forbidden: Step Functions itself sets states. Rename the variable.',
      '.States.A.Assign.a-b: Invalid value: "a-b": must be a name of at most 80 letters, digits and _, a letter first. Rename the variable.',
    ],
    differs: 'it does not look at names of variables',
  },
  {
    why: 'Express that waits for a job',
    definition: machine({ A: task({ Resource: 'arn:aws:states:::states:startExecution.sync:2' }) }),
    execution: 'Express',
    problems: [
      '.States.A.Resource: Invalid value: "arn:aws:states:::states:startExecution.sync:2": must not wait, since Express executions cannot. Use the integration without .sync or .waitForTaskToken, or execution Standard.',
    ],
    differs: 'it does not know which kind of execution it is',
  },
  {
    why: 'Distributed without saying so',
    definition: machine({
      All: map({
        ItemReader: { Resource: 'arn:aws:states:::s3:getObject', Parameters: { Bucket: 'b', Key: 'k' } },
      }),
    }),
    problems: [
      '.States.All.ItemReader: Forbidden: only a Distributed Map has ItemReader. Set ItemProcessor.ProcessorConfig.Mode: DISTRIBUTED, or remove it.',
    ],
    differs: 'it does not look at the mode',
  },
  {
    why: 'a number of the machine that is none',
    definition: machine({ A: pass }, { TimeoutSeconds: 0, Version: '2.0', Retry: [] }),
    problems: [
      '.TimeoutSeconds: Invalid value: 0: must be a whole number from 1 to 99999999. Write one.',
      '.Version: Unsupported value: "2.0": supported values: "1.0". Use that.',
      '.Retry: Invalid value: []: unknown field of a state machine. There are: Comment, StartAt, States, Version, TimeoutSeconds, QueryLanguage.',
    ],
  },
];

/** As they come out of YAML: what is undefined is not there. */
export const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

export const SAMPLES: Sample[] = [...right.map((one) => ({ ...one, problems: [] })), ...wrong].map((one) => ({
  ...one,
  definition: plain(one.definition),
}));

/** The errors of a sample, as lines, without the definition's own path. */
export const report = ({ definition, execution }: Sample) =>
  check(definition, 'definition', execution).map((error) =>
    lineOf(error).replaceAll(/\bdefinition(?=\.States|\.[A-Z]\w+:|:)/g, ''),
  );
