/** The launch template of virtual machines, with its role and security group. */
import type { ILaunchTemplate } from '@crossplane-models/provider-upjet-aws/ec2.aws.m.upbound.io/v1beta1/LaunchTemplate';
import type { ISecurityGroup } from '@crossplane-models/provider-upjet-aws/ec2.aws.m.upbound.io/v1beta1/SecurityGroup';
import type { ISecurityGroupEgressRule } from '@crossplane-models/provider-upjet-aws/ec2.aws.m.upbound.io/v1beta1/SecurityGroupEgressRule';
import type { IInstanceProfile } from '@crossplane-models/provider-upjet-aws/iam.aws.m.upbound.io/v1beta1/InstanceProfile';
import type { Context } from '../context.ts';
import type { PipelineSpec } from '../generated/api.ts';
import { ec2Principal, type Statement, trust } from '../iam.ts';
import { KEYS } from '../keys.ts';
import { type Arns, partitionOf } from '../names.ts';
import { stringAt } from '../objects.ts';
import { type ComposedResource, define, onceKnown } from '../plan.ts';
import { role, roleRef } from './role.ts';

export type RunScript = NonNullable<PipelineSpec['workflow']['runScript']>;

const ec2 = { apiVersion: 'ec2.aws.m.upbound.io/v1beta1', area: 'Workflow' } as const;

const SECURITY_GROUP = 'vm-security-group';

/** The instance type: the smallest one by default. */
export const instanceType = ({ instanceType, architecture }: RunScript) =>
  instanceType ?? (architecture === 'arm64' ? 't4g.nano' : 't3.nano');

/** The parameter of the image: the newest Amazon Linux 2023 by default: https://docs.aws.amazon.com/linux/al2023/ug/ec2.html */
export const imageParameter = ({ imageParameter, architecture }: RunScript) =>
  imageParameter ?? `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`;

/**
 * The role of the virtual machines, a security group that allows only outgoing HTTPS, and the template, with IMDSv2, an encrypted disk
 * and no key pair. A virtual machine that shuts down is terminated.
 *
 * @param statements - the permissions of a virtual machine
 */
export function machine(
  context: Context,
  runScript: RunScript,
  statements: (arns: Arns) => Statement[],
): ComposedResource[] {
  const { names, spec, tags } = context;
  const { region } = spec;
  const { vpcId, subnetId, publicAddress } = runScript.network;
  const groupRef = { name: names.composed(SECURITY_GROUP) };
  const groupId = stringAt(context.observed[SECURITY_GROUP], 'status', 'atProvider', 'id');
  return [
    ...role(context, {
      key: KEYS.vm,
      area: 'Workflow',
      trust: trust(ec2Principal(partitionOf(region))),
      statements,
    }),
    define<IInstanceProfile>(context, {
      apiVersion: 'iam.aws.m.upbound.io/v1beta1',
      area: 'Workflow',
      key: KEYS.vmProfile,
      kind: 'InstanceProfile',
      externalName: names.of('instanceProfile', 'vm'),
      forProvider: { roleRef: roleRef(context, KEYS.vm), tags },
    }),
    define<ISecurityGroup>(context, {
      ...ec2,
      key: SECURITY_GROUP,
      kind: 'SecurityGroup',
      forProvider: {
        region,
        name: names.of('securityGroup', 'vm'),
        description: 'Nothing in; HTTPS out',
        ...(vpcId !== undefined && { vpcId }),
        tags,
      },
    }),
    define<ISecurityGroupEgressRule>(context, {
      ...ec2,
      key: KEYS.vmEgress,
      kind: 'SecurityGroupEgressRule',
      forProvider: {
        region,
        securityGroupIdRef: groupRef,
        description: 'HTTPS',
        cidrIpv4: '0.0.0.0/0',
        ipProtocol: 'tcp',
        fromPort: 443,
        toPort: 443,
        tags,
      },
    }),
    onceKnown(
      groupId,
      define<ILaunchTemplate>(context, {
        ...ec2,
        key: KEYS.vmTemplate,
        kind: 'LaunchTemplate',
        needs: [SECURITY_GROUP],
        forProvider: {
          region,
          name: names.of('launchTemplate', 'vm'),
          description: 'Runs a script on one file, and ends',
          updateDefaultVersion: true,
          imageId: `resolve:ssm:${imageParameter(runScript)}`,
          instanceType: instanceType(runScript),
          instanceInitiatedShutdownBehavior: 'terminate',
          iamInstanceProfile: { name: names.of('instanceProfile', 'vm') },
          metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
          blockDeviceMappings: [
            {
              // The root device of Amazon Linux.
              deviceName: '/dev/xvda',
              ebs: {
                deleteOnTermination: 'true',
                encrypted: 'true',
                volumeSize: runScript.volumeGB,
                volumeType: 'gp3',
              },
            },
          ],
          networkInterfaces: [
            {
              deviceIndex: 0,
              associatePublicIpAddress: String(publicAddress),
              // No reference: the provider would write the resolved value into the list, and Crossplane would remove it again, forever.
              securityGroups: groupId === undefined ? [] : [groupId],
              ...(subnetId !== undefined && { subnetId }),
            },
          ],
          tagSpecifications: ['instance', 'volume', 'network-interface'].map((resourceType) => ({
            resourceType,
            tags,
          })),
          tags,
        },
      }),
    ),
  ];
}
