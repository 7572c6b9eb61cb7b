import { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { admit } from '../../apis/admission.ts';
import { claimOf, type Observed, render, settle } from '../render.ts';
import { DNS_SUFFIXES, dnsSuffixOf, partitionOf } from '../src/names.ts';
import { at, type Json, stringAt } from '../src/objects.ts';

const REGIONS: [region: string, partition: string, suffix: string][] = [
  ['eu-west-1', 'aws', 'amazonaws.com'],
  ['mx-central-1', 'aws', 'amazonaws.com'],
  ['cn-north-1', 'aws-cn', 'amazonaws.com.cn'],
  ['cn-northwest-1', 'aws-cn', 'amazonaws.com.cn'],
  ['us-gov-west-1', 'aws-us-gov', 'amazonaws.com'],
  ['us-iso-east-1', 'aws-iso', 'c2s.ic.gov'],
  ['us-isob-east-1', 'aws-iso-b', 'sc2s.sgov.gov'],
  ['eu-isoe-west-1', 'aws-iso-e', 'cloud.adc-e.uk'],
  ['us-isof-south-1', 'aws-iso-f', 'csp.hci.ic.gov'],
  ['eusc-de-east-1', 'aws-eusc', 'amazonaws.eu'],
];

const upload = { authorization: { type: 'None' } };
const network = { publicAddress: true };

/** Every kind of thing that has an ARN or a domain in it. */
const spec = (region: string, partition: string): Json => ({
  region,
  permissionsBoundaryArn: `arn:${partition}:iam::111122223333:policy/b`,
  source: { upload, kmsKeyArn: `arn:${partition}:kms:${region}:111122223333:key/a` },
  table: { kmsKeyArn: `arn:${partition}:kms:${region}:111122223333:key/a` },
  observability: {
    alarms: { enabled: true, topicArn: `arn:${partition}:sns:${region}:111122223333:oncall` },
  },
  workflow: { type: 'RunScript', runScript: { network } },
});

it('the partitions are all of today’s', () => {
  const known = Object.entries(DNS_SUFFIXES);
  expect(known).toEqual(
    known.map(([partition]) => [partition, REGIONS.find(([, id]) => id === partition)?.[2]]),
  );
  expect(new Set(REGIONS.map(([, partition]) => partition))).toEqual(new Set(known.map(([id]) => id)));
});

describe.each(REGIONS)('%s', (region, partition, suffix) => {
  it('is in its partition, and its domain is the one of the AWS SDK', () => {
    expect(partitionOf(region)).toBe(partition);
    expect(dnsSuffixOf(region)).toBe(suffix);
    const { config } = new SQSClient({ region });
    const { url } = config.endpointProvider({ Region: region, UseDualStack: false, UseFIPS: false });
    expect(url.hostname).toBe(`sqs.${region}.${suffix}`);
  });

  it('is taken by the API server, with ARNs of the partition', () => {
    expect(admit(claimOf(spec(region, partition)))).not.toHaveProperty('errors');
    const imageUri = `111122223333.dkr.ecr.${region}.${suffix}/parse:1`;
    const definition = { StartAt: 'Done', States: { Done: { Type: 'Succeed' } } };
    const custom = { definition, functions: [{ name: 'parse', imageUri }] };
    expect(admit(claimOf({ region, workflow: { type: 'Custom', custom } }))).not.toHaveProperty('errors');
  });

  it('has ARNs and domains of its partition alone', async () => {
    const { rendered, observed } = await settle(claimOf(spec(region, partition)));
    expect(rendered.fatal).toEqual([]);
    // What the provider reported is the test's own: rendered without it but for one role, which tells the account.
    const role = observed['upload-api-role'] ?? {};
    const arn = `arn:${partition}:iam::111122223333:role/a`;
    const seen: Observed = { ...observed, 'upload-api-role': { ...role, status: { atProvider: { arn } } } };
    const { resources } = await render(claimOf(spec(region, partition)), seen);
    const reported = ['EventSourceMapping', 'BucketCorsConfiguration'];
    const ours = Object.entries(resources).filter(
      ([key, { kind }]) => key !== 'api-permission' && !reported.includes(String(kind)),
    );
    const text = JSON.stringify(ours);
    expect(new Set(text.match(/arn:aws[a-z-]*:/g))).toEqual(new Set([`arn:${partition}:`]));
    const trust = stringAt(resources['vm-role'], 'spec', 'forProvider', 'assumeRolePolicy') ?? '';
    const ec2 = partition === 'aws-cn' ? 'ec2.amazonaws.com.cn' : 'ec2.amazonaws.com';
    expect(at(JSON.parse(trust), 'Statement')).toEqual([
      expect.objectContaining({ Principal: { Service: ec2 } }),
    ]);
    const hosts = new Set(text.match(/\b(s3|dynamodb)\.[a-z]+-[a-z0-9.-]+/g));
    const domains = new Set([suffix, 'amazonaws.com']);
    expect(hosts).toEqual(
      new Set([...domains].flatMap((domain) => [`s3.${region}.${domain}`, `dynamodb.${region}.${domain}`])),
    );
  });

  it('has its task resources in a state machine of one’s own', async () => {
    const task = { Type: 'Task', Resource: `arn:${partition}:states:::dynamodb:getItem`, End: true };
    const key = { TableName: 't', Key: { id: { S: 'a' } } };
    const definition = { StartAt: 'Get', States: { Get: { ...task, Parameters: key } } };
    const custom = { type: 'Custom', custom: { definition } };
    expect((await render(claimOf({ region, workflow: custom }))).fatal).toEqual([]);
  });
});
