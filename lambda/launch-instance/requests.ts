import { createHash } from 'node:crypto';
import type { RunInstancesCommandInput } from '@aws-sdk/client-ec2';
import type { VmParameters } from '../vm/parameters.ts';
import { PIPELINE_TAG, UPLOAD_TAG } from '../vm/tags.ts';
import { userData } from '../vm/user-data.ts';

/** What a launch needs beside the machine's own parameters. */
export interface LaunchSettings {
  readonly launchTemplate: string;
  /** `<namespace>/<name>`. */
  readonly pipeline: string;
  readonly parameters: VmParameters;
}

/**
 * The RunInstances request for one upload. It follows from id and settings alone, and so does its client token: EC2
 * answers a repeated one with the machine that it started before.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Run_Instance_Idempotency.html
 */
export function runInstances(id: string, settings: LaunchSettings): RunInstancesCommandInput {
  const { launchTemplate, pipeline, parameters } = settings;
  const tags = [
    { Key: PIPELINE_TAG, Value: pipeline },
    { Key: UPLOAD_TAG, Value: id },
    { Key: 'Name', Value: `${pipeline} ${id}` },
  ];
  return {
    MinCount: 1,
    MaxCount: 1,
    ClientToken: clientToken(parameters.table, id),
    LaunchTemplate: { LaunchTemplateName: launchTemplate, Version: '$Latest' },
    UserData: Buffer.from(userData(id, parameters)).toString('base64'),
    TagSpecifications: (['instance', 'volume', 'network-interface'] as const).map((ResourceType) => ({
      ResourceType,
      Tags: tags,
    })),
  };
}

/** 64 characters, which is all that EC2 takes. As JSON, so that no two pairs of table and id are one text. */
function clientToken(table: string, id: string): string {
  return createHash('sha256')
    .update(JSON.stringify([table, id]))
    .digest('hex');
}
