import { describe, expect, it } from 'vitest';
import { checkOwnTrigger } from '../../src/asl/own-trigger.ts';
import { lineOf } from '../../src/errors.ts';
import type { Json } from '../../src/objects.ts';
import { machine } from '../machines.ts';

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
        ...machine({ Each: { Type: 'Pass', End: true } }),
      },
      ResultWriter: { Resource: 'arn:aws:states:::s3:putObject', Parameters },
      End: true,
    },
  });

const told = (definition: Json, prefix: string, suffixes: string[]) =>
  checkOwnTrigger(definition, '', { bucket: 'files', region: 'eu-west-1', prefix, suffixes }).map(lineOf);

describe('what starts itself', () => {
  it.each<[string, Json, string, string[], string]>([
    [
      'a constant without a filter',
      computed('a.txt'),
      '',
      [],
      '.States.A.Arguments.Key: Invalid value: "a.txt"',
    ],
    [
      'another prefix without a filter',
      computed("{% 'copies/' & $states.input.key %}"),
      '',
      [],
      `.States.A.Arguments.Key: Invalid value: "{% 'copies/' & $states.input.key %}"`,
    ],
    [
      'a constant in the prefix',
      computed('in/a.txt'),
      'in/',
      [],
      '.States.A.Arguments.Key: Invalid value: "in/a.txt"',
    ],
    [
      'a key beside its own file',
      computed("{% $states.input.key & '.copy' %}"),
      'in/',
      [],
      `.States.A.Arguments.Key: Invalid value: "{% $states.input.key & '.copy' %}"`,
    ],
    [
      'a path below the prefix',
      byPath({ Bucket: 'files', 'Key.$': "States.Format('in/{}.csv', $.name)" }),
      'in/',
      ['.csv'],
      `.States.A.Parameters.Key.$: Invalid value: "States.Format('in/{}.csv', $.name)"`,
    ],
    [
      'a path that may be anything',
      byPath({ Bucket: 'arn:aws:s3:::files', 'Key.$': '$.key' }, 'completeMultipartUpload'),
      'in/',
      [],
      '.States.A.Parameters.Key.$: Invalid value: "$.key"',
    ],
    [
      'a variable that is one of two keys',
      assigned("{% $states.input.a ? 'out/a' : 'in/a' %}", '{% $target %}'),
      'in/',
      [],
      '.States.A.Arguments.Key: Invalid value: "{% $target %}"',
    ],
    [
      'a suffix of the filter',
      computed("{% 'out/' & $states.input.name & '.csv' %}"),
      '',
      ['.tsv', '.csv'],
      `.States.A.Arguments.Key: Invalid value: "{% 'out/' & $states.input.name & '.csv' %}"`,
    ],
    [
      'results of a Map',
      results({ Bucket: 'files', Prefix: 'in/results' }),
      'in/',
      [],
      '.States.All.ResultWriter.Parameters.Prefix: Invalid value: "in/results"',
    ],
    [
      'results of a Map at the top',
      results({ Bucket: 'files' }),
      '',
      ['.json'],
      '.States.All.ResultWriter.Parameters.Prefix: Required value',
    ],
  ])('is %s', (_why, definition, prefix, suffixes, where) => {
    expect(told(definition, prefix, suffixes)).toEqual([
      expect.stringContaining(`${where}: must not start this state machine again and again`),
    ]);
  });

  it('is told with what keeps it from doing so', () => {
    const writes =
      '.States.A.Arguments.Key: Invalid value: "in/a.csv": must not start this state machine again and again, but is in the bucket whose files start it';
    expect(told(computed('in/a.csv'), '', [])).toEqual([
      `${writes}. Set spec.source.prefix and write below another one, or write into another bucket.`,
    ]);
    expect(told(computed('in/a.csv'), '', ['.csv'])).toEqual([
      `${writes}, and may match spec.source.suffixes [".csv"]. Set spec.source.prefix and write below another one, or write into another bucket.`,
    ]);
    expect(told(computed('in/a.csv'), 'in/', ['.csv'])).toEqual([
      `${writes}, and may match spec.source.prefix "in/" and spec.source.suffixes [".csv"]. Begin it with text of another prefix, such as 'results/', or write into another bucket.`,
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
