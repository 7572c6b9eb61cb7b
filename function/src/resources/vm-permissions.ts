/** The permissions to start virtual machines from the template, and to terminate them. */
import { PIPELINE_TAG } from '../../../lambda/vm/tags.ts';
import type { Context } from '../context.ts';
import { allow, ec2Principal, type Statement } from '../iam.ts';
import { type Arns, partitionOf, pipelineName } from '../names.ts';
import { imageParameter, instanceType, type RunScript } from './vm.ts';

/** The ARNs of EC2 resources in the claim's account, such as `instance/*`. */
const ec2Arn = ({ spec }: Context, arns: Arns, resource: string) =>
  `arn:${partitionOf(spec.region)}:ec2:${spec.region}:${arns.accountId}:${resource}`;
const iamArn = ({ spec }: Context, arns: Arns, resource: string) =>
  `arn:${partitionOf(spec.region)}:iam::${arns.accountId}:${resource}`;

/** The ARN of a parameter. Amazon's own parameters have no account. */
function parameterArn({ spec }: Context, arns: Arns, name: string): string {
  const account = name.startsWith('/aws/service/') ? '' : arns.accountId;
  return `arn:${partitionOf(spec.region)}:ssm:${spec.region}:${account}:parameter${name}`;
}

const pipelineTag = ({ identity }: Context, key: 'aws:RequestTag' | 'aws:ResourceTag') => ({
  [`${key}/${PIPELINE_TAG}`]: pipelineName(identity),
});

/**
 * Allows starting virtual machines as in the template: with its image and type, its role and metadata settings, an encrypted disk, and
 * the pipeline's tag on everything.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */
export function launchMachines(context: Context, runScript: RunScript, arns: Arns): Statement[] {
  const run = ['ec2:RunInstances'];
  const arn = (resource: string) => ec2Arn(context, arns, resource);
  const { region } = context.spec;
  const ofTemplate = { Bool: { 'ec2:IsLaunchTemplateResource': 'true' } };
  const requestTag = pipelineTag(context, 'aws:RequestTag');
  const resourceTag = pipelineTag(context, 'aws:ResourceTag');
  const profile = iamArn(context, arns, `instance-profile/${context.names.of('instanceProfile', 'vm')}`);
  return [
    allow('UseTemplate', run, [arn('launch-template/*'), arn('security-group/*')], {
      StringEquals: resourceTag,
    }),
    allow('UseImage', run, [`arn:${partitionOf(region)}:ec2:${region}::image/*`], ofTemplate),
    allow('UseSubnet', run, [arn(`subnet/${runScript.network.subnetId ?? '*'}`)]),
    allow('StartInstances', run, [arn('instance/*')], {
      StringEquals: {
        ...requestTag,
        'ec2:InstanceType': instanceType(runScript),
        'ec2:MetadataHttpTokens': 'required',
      },
      ArnEquals: { 'ec2:InstanceProfile': profile },
    }),
    allow('MakeDisks', run, [arn('volume/*')], {
      StringEquals: requestTag,
      Bool: { 'ec2:Encrypted': 'true' },
    }),
    allow('MakeInterfaces', run, [arn('network-interface/*')], { StringEquals: requestTag }),
    allow('TagWhatIsMade', ['ec2:CreateTags'], ['instance/*', 'volume/*', 'network-interface/*'].map(arn), {
      StringEquals: { 'ec2:CreateAction': 'RunInstances' },
    }),
    allow('PassRole', ['iam:PassRole'], [iamArn(context, arns, `role/${context.names.of('role', 'vm')}`)], {
      StringEquals: { 'iam:PassedToService': ec2Principal(partitionOf(region)) },
    }),
    // The caller must be able to read a parameter in the template:
    // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/create-launch-template.html
    allow(
      'ReadImageParameter',
      ['ssm:GetParameters'],
      [parameterArn(context, arns, imageParameter(runScript))],
    ),
  ];
}

/** Allows finding virtual machines, which has no resource, and terminating those of the pipeline. */
export function terminateMachines(context: Context, arns: Arns): Statement[] {
  return [
    allow('FindMachines', ['ec2:DescribeInstances'], ['*']),
    allow('EndMachines', ['ec2:TerminateInstances'], [ec2Arn(context, arns, 'instance/*')], {
      StringEquals: pipelineTag(context, 'aws:ResourceTag'),
    }),
  ];
}
