/** The launch template of virtual machines, with its role and security group. */
import type { ILaunchTemplate } from '@crossplane-models/provider-upjet-aws/ec2.aws.m.upbound.io/v1beta1/LaunchTemplate';
import type { ISecurityGroup } from '@crossplane-models/provider-upjet-aws/ec2.aws.m.upbound.io/v1beta1/SecurityGroup';
import type { ISecurityGroupEgressRule } from '@crossplane-models/provider-upjet-aws/ec2.aws.m.upbound.io/v1beta1/SecurityGroupEgressRule';
import type { IInstanceProfile } from '@crossplane-models/provider-upjet-aws/iam.aws.m.upbound.io/v1beta1/InstanceProfile';
import type { IRole } from '@crossplane-models/provider-upjet-aws/iam.aws.m.upbound.io/v1beta1/Role';
import type { IRolePolicy } from '@crossplane-models/provider-upjet-aws/iam.aws.m.upbound.io/v1beta1/RolePolicy';
import type { Context } from '../context.ts';
import type { PipelineSpec } from '../generated/api.ts';
import { ec2Principal, policy, type Statement, trust } from '../iam.ts';
import { type Arns, partitionOf } from '../names.ts';
import { stringAt } from '../objects.ts';
import { type ComposedResource, define, onceKnown } from '../plan.ts';

export type RunScript = NonNullable<PipelineSpec['workflow']['runScript']>;

const iam = { apiVersion: 'iam.aws.m.upbound.io/v1beta1', area: 'Workflow' } as const;
const ec2 = { apiVersion: 'ec2.aws.m.upbound.io/v1beta1', area: 'Workflow' } as const;

/** The composition resource name of the launch template. */
export const VM_TEMPLATE = 'vm-template';

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
  const { names, spec, tags, permissionsBoundary } = context;
  const { region } = spec;
  const { vpcId, subnetId, publicAddress } = runScript.network;
  const roleRef = { name: names.composed('vm-role') };
  const groupRef = { name: names.composed('vm-security-group') };
  const groupId = stringAt(context.observed['vm-security-group'], 'status', 'atProvider', 'id');
  return [
    define<IRole>(context, {
      ...iam,
      key: 'vm-role',
      kind: 'Role',
      externalName: names.of('role', 'vm'),
      forProvider: {
        assumeRolePolicy: trust(ec2Principal(partitionOf(region))),
        ...(permissionsBoundary !== undefined && { permissionsBoundary }),
        tags,
      },
    }),
    define<IRolePolicy>(context, {
      ...iam,
      key: 'vm-policy',
      kind: 'RolePolicy',
      externalName: 'vm',
      forProvider: (arns) => ({ roleRef, policy: policy(statements(arns)) }),
    }),
    define<IInstanceProfile>(context, {
      ...iam,
      key: 'vm-profile',
      kind: 'InstanceProfile',
      externalName: names.of('instanceProfile', 'vm'),
      forProvider: { roleRef, tags },
    }),
    define<ISecurityGroup>(context, {
      ...ec2,
      key: 'vm-security-group',
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
      key: 'vm-egress',
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
        key: VM_TEMPLATE,
        kind: 'LaunchTemplate',
        needs: ['vm-security-group'],
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
