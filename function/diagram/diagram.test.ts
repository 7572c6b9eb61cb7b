import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Graphviz } from '@hpcc-js/wasm-graphviz';
import { describe, expect, it } from 'vitest';
import { drawExamples, outdated } from '../diagrams.ts';
import { readClaim, settle } from '../render.ts';
import { outermost, transitionsOf } from '../src/asl/machine.ts';
import type { Json } from '../src/objects.ts';
import { machine } from '../tests/machines.ts';
import { dotOf } from './dot.ts';
import { flowOf } from './flow.ts';
import { svgOf } from './svg.ts';
import { actionInWords, reasonOf, retriesOf, wrapped } from './words.ts';

const pass = { Type: 'Pass', End: true };
const plain = (name: string) => name;
const edges = (dot: string) => dot.split('\n').filter((line) => line.includes(' -> '));

function stateOf(state: Json, more: Json = {}) {
  const [found] = outermost(machine({ Only: state }, more), '').states;
  if (!found) throw new Error('there is one state');
  return found;
}

describe('conditions in words', () => {
  it.each<[Json, string]>([
    [{ Variable: '$.size', NumericGreaterThan: 10 }, 'size > 10'],
    [{ Variable: '$.size', NumericLessThanEqualsPath: '$.most' }, 'size ≤ most'],
    [{ Variable: '$.file.type', StringEquals: 'csv' }, 'file.type = csv'],
    [{ Variable: '$.name', StringMatches: 'a*' }, 'name like a*'],
    [{ Variable: '$.isImage', BooleanEquals: true }, 'isImage is true'],
    [{ Variable: '$.a', IsPresent: true }, 'a is present'],
    [{ Variable: '$.a', IsNumeric: false }, 'a is not a number'],
    [{ Not: { Variable: '$.a', IsNull: true } }, 'not (a is null)'],
    [{ Variable: '$count', NumericEquals: 1 }, 'count = 1'],
    [
      {
        Or: [
          {
            And: [
              { Variable: '$.a', IsString: true },
              { Variable: '$.b', IsString: true },
            ],
          },
          { Variable: '$.c', IsBoolean: true },
        ],
      },
      '(a is a string and b is a string) or c is a boolean',
    ],
    [{ Condition: '{% $states.input.size > 0 %}' }, 'input.size > 0'],
  ])('%j', (rule, words) => {
    const state = stateOf({ Type: 'Choice', Choices: [{ ...rule, Next: 'Only' }], Default: 'Only' });
    expect(transitionsOf(state).map(reasonOf)).toEqual([words, 'otherwise']);
  });

  it('and errors', () => {
    const Catch = [
      { ErrorEquals: ['A', 'B'], Next: 'X' },
      { ErrorEquals: ['States.ALL'], Next: 'X' },
    ];
    expect(transitionsOf(stateOf({ Type: 'Task', Catch, Next: 'X' })).map(reasonOf)).toEqual([
      '',
      'A, B',
      'any error',
    ]);
  });
});

describe('what a state does in words', () => {
  const lambda = 'arn:aws:lambda:eu-west-1:111122223333:function:f';
  it.each<[Json, string | undefined]>([
    [{ Type: 'Task', Resource: 'arn:aws:states:::dynamodb:putItem' }, 'DynamoDB putItem'],
    [
      { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: { FunctionName: lambda } },
      `Lambda invoke ${lambda}`,
    ],
    [{ Type: 'Task', Resource: lambda }, `Lambda ${lambda}`],
    [
      { Type: 'Task', Resource: 'arn:aws:states:::states:startExecution.sync:2' },
      'Step Functions startExecution, waits for the end',
    ],
    [
      { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken' },
      'SQS sendMessage, waits for a callback',
    ],
    [{ Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:s3:copyObject' }, 'S3 copyObject'],
    [{ Type: 'Wait', Seconds: 30 }, '30 s'],
    [{ Type: 'Wait', TimestampPath: '$.due' }, 'until due'],
    [{ Type: 'Pass' }, undefined],
  ])('%j', (state, words) => {
    expect(actionInWords(stateOf(state), plain)).toBe(words);
  });

  it('and how often it is tried again', () => {
    expect(retriesOf(stateOf({ Type: 'Task' }))).toBe(0);
    expect(
      retriesOf(
        stateOf({ Type: 'Task', Retry: [{ ErrorEquals: ['A'], MaxAttempts: 0 }, { ErrorEquals: ['B'] }] }),
      ),
    ).toBe(3);
  });

  it('in lines that fit', () => {
    expect(wrapped('results.fileType.isImage is true and size > 10', 26)).toEqual([
      'results.fileType.isImage',
      'is true and size > 10',
    ]);
    expect(wrapped('DynamoDB.ConditionalCheckFailedException')).toEqual([
      'DynamoDB.',
      'ConditionalCheckFailedException',
    ]);
  });
});

describe('the graph', () => {
  it('has an edge for the start, for each transition and for each end', () => {
    const dot = dotOf(
      machine({
        A: { Type: 'Task', Resource: 'x', Catch: [{ ErrorEquals: ['States.ALL'], Next: 'F' }], Next: 'C' },
        C: { Type: 'Choice', Choices: [{ Variable: '$.a', IsPresent: true, Next: 'S' }], Default: 'F' },
        S: { Type: 'Succeed' },
        F: { Type: 'Fail' },
      }),
      plain,
    );
    expect(edges(dot).map((line) => line.replace(/ \[.*/, ''))).toEqual([
      'start -> n1',
      'n1 -> n2',
      'n1 -> n4',
      'n2 -> n3',
      'n2 -> n4',
      'n3 -> end',
    ]);
    expect(edges(dot).filter((line) => line.includes('dashed'))).toHaveLength(1);
  });

  it('draws branches and items in frames, at whose edges the transitions end', () => {
    const dot = dotOf(
      machine({
        Both: { Type: 'Parallel', Branches: [machine({ One: pass }), machine({ Two: pass })], Next: 'All' },
        All: { Type: 'Map', ItemProcessor: machine({ Each: pass }), End: true },
      }),
      plain,
    );
    expect(dot.match(/subgraph cluster_/g)).toHaveLength(2);
    expect(dot).toContain('Map · for each item');
    expect(edges(dot).find((line) => line.includes('ltail="cluster_n1" lhead="cluster_n5"'))).toBeDefined();
  });

  it('takes any name for a name', async () => {
    const name = `<B>&"'\\ ]] 東京 \${x}`;
    const dot = dotOf(machine({ [name]: pass }), plain);
    const svg = svgOf(await Graphviz.load(), dot, name);
    expect(svg).toContain('&lt;B&gt;&amp;&quot;&#39;');
    expect(svg).toContain('東京');
    expect(svg.match(/<b>/i)).toBeNull();
  });
});

/** The groups and shapes in the styles. */
const STYLED = [
  ...['node path', 'node polygon', 'node ellipse', 'node text'],
  ...['cluster path', 'cluster text', 'edge path', 'edge polygon', 'edge text'],
];

describe('the flow of a pipeline without a state machine', () => {
  /** The edges in the form `from -> to reason`. */
  const flow = async (path: string) =>
    edges(flowOf((await settle(readClaim(path))).rendered.resources)).map((line) => {
      const [ends = '', values = ''] = line.split(' [');
      const [, reason = ''] = /label=<(.*)<BR ALIGN="LEFT"\/>>/.exec(values) ?? [];
      return `${ends} ${reason.replaceAll(/<BR[^>]*>/g, '')}`.replaceAll(/\s+/g, ' ').trim();
    });

  it('has an edge for each trigger, and for what each policy lets its owner do', async () => {
    expect(await flow('record-file/direct.yaml')).toEqual([
      '"start" -> "bucket" the file',
      '"bucket" -> "record-file" each file in incoming/',
      '"record-file" -> "dead-letter-queue" SendMessage',
      '"record-file" -> "table" PutItem',
    ]);
  });

  it('knows streams, schedules, routes and machines', async () => {
    expect(await flow('run-script/claim.yaml')).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^"start" -> "api" GET \/, POST \/uploads/),
        '"api" -> "upload-api" each request',
        '"table" -> "launch-instance" changed rows',
        '"schedule" -> "sweep-instances" rate(5 minutes)',
        '"launch-instance" -> "vm-template" RunInstances',
        '"vm-template" -> "table" UpdateItem',
      ]),
    );
  });
});

describe('the pictures', () => {
  it('have styles for each shape that Graphviz draws, so that none keeps the colours of a light page', async () => {
    for (const [name, svg] of await drawExamples()) {
      const shapes = [
        ...svg.matchAll(
          /<g class="(\w+)[^"]*">|<(path|polygon|ellipse|text|polyline|rect|line|image) (?!class)/g,
        ),
      ];
      const drawn = new Set<string>();
      let group = '';
      for (const [, opened, shape] of shapes) {
        group = opened ?? group;
        if (shape !== undefined) drawn.add(`${group} ${shape}`);
      }
      expect([name, [...drawn].filter((one) => !STYLED.includes(one))]).toEqual([name, []]);
      expect(svg).not.toMatch(/<!--|<a |<script/);
      expect(svg).toMatch(/^<svg [^>]*role="img" aria-label="(State machine|Flow) of [^"]+">\n<title>/);
    }
  });

  it('are the same bytes each time', async () => {
    expect([...(await drawExamples())]).toEqual([...(await drawExamples())]);
  });

  it('of the repository are what the examples say', async () => {
    expect(outdated(await drawExamples())).toEqual([]);
  });

  it('are known to be out of date when one is missing, differs, or belongs to no example', () => {
    const folder = mkdtempSync(join(tmpdir(), 'diagrams-'));
    writeFileSync(join(folder, 'same.svg'), 'same');
    writeFileSync(join(folder, 'other.svg'), 'old');
    writeFileSync(join(folder, 'gone.svg'), 'gone');
    const files = new Map([
      ['same.svg', 'same'],
      ['other.svg', 'new'],
      ['missing.svg', 'missing'],
    ]);
    expect(outdated(files, folder)).toEqual(['gone.svg', 'missing.svg', 'other.svg']);
    expect(outdated(files, join(folder, 'nowhere'))).toEqual(['missing.svg', 'other.svg', 'same.svg']);
    rmSync(folder, { recursive: true });
  });
});
