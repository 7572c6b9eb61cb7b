import { createHash } from 'node:crypto';
import type { RunInstancesCommandInput } from '@aws-sdk/client-ec2';
import type { VmParameters } from '../vm/parameters.ts';
import { PIPELINE_TAG, UPLOAD_TAG } from '../vm/tags.ts';
import { userData } from '../vm/user-data.ts';

/** The settings of a launch: the virtual machine's parameters, and more. */
export interface LaunchSettings {
  readonly launchTemplate: string;
  /** `<namespace>/<name>`. */
  readonly pipeline: string;
  readonly parameters: VmParameters;
}

/**
 * The RunInstances request for one upload. It depends only on the id and the settings, and so does its client token. For a
 * repeated token, EC2 returns the virtual machine that it has already started.
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

/** A client token of 64 characters, the limit of EC2. It is a hash of JSON, so that two pairs of table and id never collide. */
function clientToken(table: string, id: string): string {
  return createHash('sha256')
    .update(JSON.stringify([table, id]))
    .digest('hex');
}
