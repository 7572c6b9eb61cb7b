/** KEEP=1: what a terminal needs to look at what was left up. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { at, type Json, stringAt } from '../function/src/objects.ts';
import { tryCommand } from '../tools/command.ts';
import { filterOf } from './data-path/record-file.ts';
import { matches } from './files.ts';
import { AWS_CLI, CACHE } from './venv.ts';

/** The file with the claim and its status, for `kubectl fip --from`. */
export const KEPT_CLAIM = join(CACHE, 'claim.json');

export interface Kept {
  readonly endpoint: string;
  readonly region: string;
  /** The path of the AWS CLI for the commands. */
  readonly cli: string;
  /** The claim with its status. Undefined when it did not become ready. */
  readonly composite: Json | undefined;
  /** The file that it was written to. */
  readonly claimFile?: string | undefined;
  /** The paths and keys of the files that were sent. */
  readonly files: readonly { path: string; key: string }[];
}

/** A word quoted for a shell. */
export const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** The AWS CLI on PATH if it runs (version managers leave dead names there), else the one that RunScript's machines call. */
export async function findCli(
  path = process.env['PATH'] ?? '',
  installed = join(AWS_CLI, 'bin', 'aws'),
): Promise<string> {
  const runs = await tryCommand('aws', ['--version'], { env: { ...process.env, PATH: path } }).then(
    ({ code }) => code === 0,
    () => false,
  );
  return !runs && existsSync(installed) ? quoted(installed) : 'command aws';
}

/** The commands that show the resources of a ready claim. */
function commands({ composite, files }: Kept): string[] {
  if (composite === undefined) return [];
  const told = (field: string) => stringAt(composite, 'status', field);
  const [bucket, table, queue, stateMachine] = ['bucket', 'table', 'deadLetterQueue', 'stateMachine'].map(
    told,
  );
  const { prefix, suffixes } = filterOf(composite);
  const uploads = bucket !== undefined && told('url') === undefined;
  const taken = uploads ? files.find(({ key }) => matches(key, prefix, suffixes)) : undefined;
  const [input] = files;
  const logGroups = at(composite, 'status', 'logGroups');
  const [logs] = Array.isArray(logGroups) ? logGroups.map(String) : [];
  return [
    ...(taken ? [`s3 cp ${quoted(taken.path)} ${quoted(`s3://${bucket}/${taken.key}`)}`] : []),
    ...(stateMachine !== undefined && bucket === undefined && input
      ? [
          `stepfunctions start-execution --state-machine-arn ${stateMachine} --input ${quoted(`file://${input.path}`)}`,
        ]
      : []),
    ...(stateMachine !== undefined && stringAt(composite, 'spec', 'workflow', 'execution') !== 'Express'
      ? [`stepfunctions list-executions --state-machine-arn ${stateMachine}`]
      : []),
    ...(table !== undefined ? [`dynamodb scan --table-name ${table}`] : []),
    ...(queue !== undefined ? [`sqs receive-message --queue-url ${queue} --visibility-timeout 0`] : []),
    ...(logs !== undefined ? [`logs filter-log-events --log-group-name ${logs}`] : []),
  ].map((command) => `aws ${command}`);
}

/** What the kubectl plugin says of the claim. */
const pluginLines = ({ composite, claimFile }: Kept): string[] =>
  claimFile === undefined
    ? []
    : [
        `make plugin && dist/kubectl-fip status ${stringAt(composite, 'metadata', 'name')} --from ${quoted(claimFile)}`,
      ];

/**
 * The lines to paste into another terminal. Version 1 of the AWS CLI reads the region only from AWS_DEFAULT_REGION. For SQS it
 * ignores the endpoint variables and calls AWS, unless it has `--endpoint-url`.
 * https://docs.aws.amazon.com/cli/v1/userguide/cli-configure-envvars.html
 */
export function keptLines(kept: Kept): string[] {
  const { endpoint, region, cli } = kept;
  const credentials = 'AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test';
  return [
    `export AWS_ENDPOINT_URL=${endpoint} AWS_REGION=${region} AWS_DEFAULT_REGION=${region} ${credentials}`,
    `aws() { ${cli} --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }`,
    ...commands(kept),
    ...pluginLines(kept),
  ];
}
