import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { claimOf } from '../function/render.ts';
import { findCli, type Kept, keptLines, quoted } from './keep.ts';

const STATE_MACHINE = 'arn:aws:states:eu-west-1:000000000000:stateMachine:m';
const QUEUE = 'http://127.0.0.1:4566/000000000000/q';
const HEAD = [
  'export AWS_ENDPOINT_URL=http://127.0.0.1:4566 AWS_REGION=eu-west-1 AWS_DEFAULT_REGION=eu-west-1 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test',
  'aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }',
];

const keptOf = (spec: object, status: object): Kept => ({
  endpoint: 'http://127.0.0.1:4566',
  region: 'eu-west-1',
  cli: 'command aws',
  composite: { ...claimOf({ region: 'eu-west-1', ...spec }), status },
  files: ['other/a.txt', "in/it's.csv"].map((key) => ({ path: `files/${key}`, key })),
});

it.each<[string, Kept, string[]]>([
  [
    'uploads: a file that the claim takes',
    keptOf(
      { source: { prefix: 'in/' }, workflow: { type: 'RecordFile' } },
      {
        bucket: 'b',
        table: 't',
        deadLetterQueue: QUEUE,
        stateMachine: STATE_MACHINE,
        logGroups: ['/a', '/b'],
      },
    ),
    [
      `aws s3 cp 'files/in/it'\\''s.csv' 's3://b/in/it'\\''s.csv'`,
      `aws stepfunctions list-executions --state-machine-arn ${STATE_MACHINE}`,
      'aws dynamodb scan --table-name t',
      `aws sqs receive-message --queue-url ${QUEUE} --visibility-timeout 0`,
      'aws logs filter-log-events --log-group-name /a',
    ],
  ],
  [
    'messages: an execution; Express keeps no list of them',
    keptOf(
      { workflow: { type: 'RecordMessage', execution: 'Express' } },
      { table: 't', stateMachine: STATE_MACHINE },
    ),
    [
      `aws stepfunctions start-execution --state-machine-arn ${STATE_MACHINE} --input file://files/other/a.txt`,
      'aws dynamodb scan --table-name t',
    ],
  ],
  [
    'the upload API: the bucket takes only forms',
    keptOf({ workflow: { type: 'RunScript' } }, { bucket: 'b', url: 'http://api', table: 't' }),
    ['aws dynamodb scan --table-name t'],
  ],
  [
    'the kubectl plugin, with the claim in a file',
    { ...keptOf({}, {}), claimFile: '/a b/claim.json' },
    ["make plugin && dist/kubectl-fip status invoices --from '/a b/claim.json'"],
  ],
  ['a claim that never was ready', { ...keptOf({}, {}), composite: undefined }, []],
])('keptLines, %s', (_what, kept, commands) => {
  expect(keptLines(kept)).toEqual([...HEAD, ...commands]);
});

it.each([
  ['a/b-c_1.txt', 'a/b-c_1.txt'],
  ['a b', "'a b'"],
  ["it's $5", `'it'\\''s $5'`],
  ['東京', "'東京'"],
])('quoted %s', (word, expected) => {
  expect(quoted(word)).toBe(expected);
});

it('findCli: that on PATH if it runs, else the installed one, else the name', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cli-'));
  const aws = join(folder, 'aws');
  expect(await findCli('/nowhere', aws)).toBe('command aws');
  writeFileSync(aws, '#!/bin/sh\nexit 127\n');
  chmodSync(aws, 0o755);
  expect(await findCli('/nowhere', aws)).toBe(aws);
  expect(await findCli(`/nowhere:${folder}`, aws)).toBe(aws);
  writeFileSync(aws, '#!/bin/sh\n');
  expect(await findCli(`/nowhere:${folder}`, aws)).toBe('command aws');
  rmSync(folder, { recursive: true });
});
