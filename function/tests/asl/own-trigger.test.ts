import { describe, expect, it } from 'vitest';
import { checkOwnTrigger } from '../../src/asl/own-trigger.ts';
import type { Json } from '../../src/objects.ts';
import { machine, pass } from './corpus.ts';

const JSONATA = { QueryLanguage: 'JSONata' };
const copy = (Key: string, more: Json = {}): Json => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::aws-sdk:s3:copyObject',
  Arguments: { Bucket: 'files', Key, CopySource: 'files/a' },
  End: true,
  ...more,
});
const byPath = (Parameters: Json, resource = 'putObject') =>
  machine({
    A: { Type: 'Task', Resource: `arn:aws:states:::aws-sdk:s3:${resource}`, Parameters, End: true },
  });
const computed = (key: string) => machine({ A: copy(key) }, JSONATA);
const assigned = (target: string, key: string) =>
  machine({ Set: { Type: 'Pass', Assign: { target }, Next: 'A' }, A: copy(key) }, JSONATA);
const results = (Parameters: Json) =>
  machine({
    All: {
      Type: 'Map',
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        ...machine({ Each: pass }),
      },
      ResultWriter: { Resource: 'arn:aws:states:::s3:putObject', Parameters },
      End: true,
    },
  });

const told = (definition: Json, prefix: string, suffixes: string[]) =>
  checkOwnTrigger(definition, '', { bucket: 'files', region: 'eu-west-1', prefix, suffixes }).map(
    ({ path, value, fix }) => `${path}: ${JSON.stringify(value)} ${fix}`,
  );

describe('what starts itself', () => {
  it.each<[string, Json, string, string[], string]>([
    ['a constant without a filter', computed('a.txt'), '', [], '.States.A.Arguments.Key: "a.txt"'],
    [
      'another prefix without a filter',
      computed("{% 'copies/' & $states.input.key %}"),
      '',
      [],
      `.States.A.Arguments.Key: "{% 'copies/' & $states.input.key %}"`,
    ],
    ['a constant in the prefix', computed('in/a.txt'), 'in/', [], '.States.A.Arguments.Key: "in/a.txt"'],
    [
      'a key beside its own file',
      computed("{% $states.input.key & '.copy' %}"),
      'in/',
      [],
      `.States.A.Arguments.Key: "{% $states.input.key & '.copy' %}"`,
    ],
    [
      'a path below the prefix',
      byPath({ Bucket: 'files', 'Key.$': "States.Format('in/{}.csv', $.name)" }),
      'in/',
      ['.csv'],
      `.States.A.Parameters.Key.$: "States.Format('in/{}.csv', $.name)"`,
    ],
    [
      'a path that may be anything',
      byPath({ Bucket: 'arn:aws:s3:::files', 'Key.$': '$.key' }, 'completeMultipartUpload'),
      'in/',
      [],
      '.States.A.Parameters.Key.$: "$.key"',
    ],
    [
      'a variable that is one of two keys',
      assigned("{% $states.input.a ? 'out/a' : 'in/a' %}", '{% $target %}'),
      'in/',
      [],
      '.States.A.Arguments.Key: "{% $target %}"',
    ],
    [
      'a suffix of the filter',
      computed("{% 'out/' & $states.input.name & '.csv' %}"),
      '',
      ['.tsv', '.csv'],
      `.States.A.Arguments.Key: "{% 'out/' & $states.input.name & '.csv' %}"`,
    ],
    [
      'results of a Map',
      results({ Bucket: 'files', Prefix: 'in/results' }),
      'in/',
      [],
      '.States.All.ResultWriter.Parameters.Prefix: "in/results"',
    ],
    [
      'results of a Map at the top',
      results({ Bucket: 'files' }),
      '',
      ['.json'],
      '.States.All.ResultWriter.Parameters.Prefix: null',
    ],
  ])('is %s', (_why, definition, prefix, suffixes, where) => {
    expect(told(definition, prefix, suffixes)).toEqual([
      expect.stringContaining(`${where} is written into the bucket whose files start this state machine`),
    ]);
  });

  it('is told with what keeps it from doing so', () => {
    const writes =
      '.States.A.Arguments.Key: "in/a.csv" is written into the bucket whose files start this state machine';
    expect(told(computed('in/a.csv'), '', [])).toEqual([
      `${writes}, so that it starts itself without end. Set spec.source.prefix and write below another one, or write into another bucket.`,
    ]);
    expect(told(computed('in/a.csv'), '', ['.csv'])).toEqual([
      `${writes}, and nothing here keeps it from spec.source.suffixes [".csv"], which would start it without end. Set spec.source.prefix and write below another one, or write into another bucket.`,
    ]);
    expect(told(computed('in/a.csv'), 'in/', ['.csv'])).toEqual([
      `${writes}, and nothing here keeps it from spec.source.prefix "in/" and spec.source.suffixes [".csv"], which would start it without end. Begin it with text of another prefix, such as 'results/', or write into another bucket.`,
    ]);
  });
});

describe('what does not', () => {
  it.each<[string, Json, string, string[]]>([
    ['a constant outside of the prefix', computed('out/a.txt'), 'in/', []],
    ['the prefix without its end', computed('in'), 'in/', []],
    ['a beginning outside of the prefix', computed("{% 'out/' & $states.input.key %}"), 'in/', []],
    [
      'a path outside of the prefix',
      byPath({ Bucket: 'files', 'Key.$': "States.Format('out/{}', $.a)" }),
      'in/',
      [],
    ],
    ['another suffix', computed("{% $states.input.key & '.json' %}"), '', ['.csv']],
    [
      'another suffix by path',
      byPath({ Bucket: 'files', 'Key.$': "States.Format('{}.json', $.a)" }),
      '',
      ['.csv'],
    ],
    [
      'either of two keys',
      computed("{% $states.input.a ? 'out/a' : ('done/' & $states.input.b) %}"),
      'in/',
      [],
    ],
    [
      'a variable made of constants',
      assigned("{% 'out/' & $states.input.a %}", '{% $target & $states.input.b %}'),
      'in/',
      [],
    ],
    ['another bucket', byPath({ Bucket: 'others', 'Key.$': '$.key' }), '', []],
    ['a bucket that only the input knows', byPath({ 'Bucket.$': '$.bucket', 'Key.$': '$.key' }), '', []],
    ['reading', byPath({ Bucket: 'files', 'Key.$': '$.key' }, 'getObject'), '', []],
    ['deleting', byPath({ Bucket: 'files', 'Key.$': '$.key' }, 'deleteObject'), '', []],
    ['results of a Map outside of the prefix', results({ Bucket: 'files', Prefix: 'results' }), 'in/', []],
    ['results of a Map with another suffix', results({ Bucket: 'files', Prefix: 'in' }), 'in/', ['.csv']],
  ])('is %s', (_why, definition, prefix, suffixes) => {
    expect(told(definition, prefix, suffixes)).toEqual([]);
  });
});
