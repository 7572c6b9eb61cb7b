/** Of EC2: launch templates, security groups, and what a security group lets out. */
import {
  _InstanceType,
  InstanceMetadataEndpointState,
  LaunchTemplateHttpTokensState,
  ResourceType,
  type ResponseLaunchTemplateData,
  ShutdownBehavior,
  type Tag,
  type TagSpecification,
  VolumeType,
} from '@aws-sdk/client-ec2';
import type { Clients } from '../aws.ts';
import { blocks, dictionary, type Fields, flag, needText, text, texts } from '../fields.ts';
import { GROUPS, type Kind, reference, type Subject, type Tagging, tagList, tagMap } from './kind.ts';
import * as is from './mapping.ts';

/** The tags that a resource is made with; EC2 takes no empty list of them. */
function tagSpecifications(spec: Fields, type: ResourceType): TagSpecification[] | undefined {
  const Tags = tagList(dictionary(spec, 'tags'));
  return Tags.length > 0 ? [{ ResourceType: type, Tags }] : undefined;
}

/** The external name of a resource is the id that EC2 knows it by. */
const tags: Tagging = {
  put: ({ clients, name }, added) => clients.ec2.createTags({ Resources: [name], Tags: tagList(added) }),
  take: ({ clients, name }, keys) =>
    clients.ec2.deleteTags({ Resources: [name], Tags: keys.map((Key) => ({ Key })) }),
};

/** The ARN of a resource of EC2, such as `security-group/sg-…`. */
function ec2Arn({ accountId, clients }: Subject, resource: string): string {
  return `arn:aws:ec2:${clients.region}:${accountId}:${resource}`;
}

/** AWS lets a new group out to everywhere; the provider takes that away. */
async function revokeDefaultEgress({ clients }: Subject, GroupId: string): Promise<void> {
  const IpPermissions = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
  await clients.ec2.revokeSecurityGroupEgress({ GroupId, IpPermissions });
}

/** By itself a group lets nothing in and nothing out; the rules are managed resources of their own. */
const securityGroup: Kind = {
  group: GROUPS.ec2,
  kind: 'SecurityGroup',
  // No `vpcIdRef`: there is no VPC among the kinds here.
  fields: ['region', 'name', 'description', 'vpcId', 'tags'],
  namedBy: 'provider',
  immutable: ['name', 'description', 'vpcId'],
  defaults: { description: 'Managed by Terraform', tags: {} },
  absent: ['InvalidGroup.NotFound'],
  tags,

  async observe(subject) {
    const { clients, name } = subject;
    const found = (await clients.ec2.describeSecurityGroups({ GroupIds: [name] })).SecurityGroups?.[0];
    return (
      found && {
        state: {
          name: found.GroupName,
          description: found.Description,
          vpcId: found.VpcId,
          tags: tagMap(found.Tags),
        },
        atProvider: { arn: ec2Arn(subject, `security-group/${name}`), id: name },
      }
    );
  },

  async create(subject) {
    const { clients, spec } = subject;
    const { GroupId } = await clients.ec2.createSecurityGroup({
      // Without a name the provider makes one up, which nothing here could find again.
      GroupName: needText(spec, 'name'),
      Description: needText(spec, 'description'),
      VpcId: text(spec, 'vpcId'),
      TagSpecifications: tagSpecifications(spec, ResourceType.security_group),
    });
    if (GroupId !== undefined) await revokeDefaultEgress(subject, GroupId);
    return GroupId;
  },

  remove: ({ clients, name }) => clients.ec2.deleteSecurityGroup({ GroupId: name }),
};

const GROUP = is.mapping({ GroupId: is.needText('securityGroupId') });
const PORTS = is.mapping({
  IpProtocol: is.needText('ipProtocol'),
  FromPort: is.number('fromPort'),
  ToPort: is.number('toPort'),
});
const RANGE = is.mapping({ CidrIpv4: is.text('cidrIpv4'), Description: is.text('description', '') });

const egressRule: Kind = {
  group: GROUPS.ec2,
  kind: 'SecurityGroupEgressRule',
  fields: ['region', 'tags', ...GROUP.fields, ...PORTS.fields, ...RANGE.fields],
  references: [reference('securityGroupId', 'ec2', 'SecurityGroup', 'externalName')],
  namedBy: 'provider',
  immutable: ['securityGroupId'],
  defaults: { description: '', tags: {} },
  absent: ['InvalidGroup.NotFound', 'InvalidSecurityGroupRuleId.NotFound'],
  tags,

  async observe(subject) {
    const { clients, name } = subject;
    const rule = (await clients.ec2.describeSecurityGroupRules({ SecurityGroupRuleIds: [name] }))
      .SecurityGroupRules?.[0];
    return (
      rule && {
        state: { ...GROUP.from(rule), ...PORTS.from(rule), ...RANGE.from(rule), tags: tagMap(rule.Tags) },
        atProvider: { arn: ec2Arn(subject, `security-group-rule/${name}`), id: name },
      }
    );
  },

  async create({ clients, spec }) {
    const { CidrIpv4: CidrIp, Description } = RANGE.to(spec);
    const { SecurityGroupRules } = await clients.ec2.authorizeSecurityGroupEgress({
      ...GROUP.to(spec),
      IpPermissions: [{ ...PORTS.to(spec), IpRanges: [{ CidrIp, Description }] }],
      TagSpecifications: tagSpecifications(spec, ResourceType.security_group_rule),
    });
    return SecurityGroupRules?.[0]?.SecurityGroupRuleId;
  },

  update({ clients, name, spec }) {
    const { CidrIpv4, Description } = RANGE.to(spec);
    const SecurityGroupRule = { ...PORTS.to(spec), CidrIpv4, Description: Description || undefined };
    return clients.ec2.modifySecurityGroupRules({
      ...GROUP.to(spec),
      SecurityGroupRules: [{ SecurityGroupRuleId: name, SecurityGroupRule }],
    });
  },

  remove: ({ clients, name, spec }) =>
    clients.ec2.revokeSecurityGroupEgress({ ...GROUP.to(spec), SecurityGroupRuleIds: [name] }),
};

/** The provider writes a flag that may be left open as a text. */
function openFlag(name: string): is.Field<boolean> {
  return {
    name,
    paths: [name],
    to(spec) {
      const value = text(spec, name);
      if (value === undefined || value === '') return undefined;
      if (value === 'true' || value === 'false') return value === 'true';
      throw new Error(`forProvider.${name} must be "true" or "false", found ${JSON.stringify(value)}`);
    },
    from: (value) => (value === undefined ? undefined : String(value)),
  };
}

const TAGS: is.Field<Tag[]> = {
  name: 'tags',
  paths: ['tags'],
  to: (spec) => tagList(dictionary(spec, 'tags')),
  from: tagMap,
};

/** What a version of the template says of an instance. The provider builds no version on another. */
const INSTANCE = is.mapping({
  BlockDeviceMappings: is.blocks('blockDeviceMappings', {
    DeviceName: is.needText('deviceName'),
    Ebs: is.block('ebs', {
      DeleteOnTermination: openFlag('deleteOnTermination'),
      Encrypted: openFlag('encrypted'),
      VolumeSize: is.number('volumeSize'),
      VolumeType: is.choice(VolumeType, 'volumeType'),
    }),
  }),
  IamInstanceProfile: is.block('iamInstanceProfile', { Name: is.text('name') }),
  ImageId: is.text('imageId'),
  InstanceInitiatedShutdownBehavior: is.choice(ShutdownBehavior, 'instanceInitiatedShutdownBehavior'),
  InstanceType: is.choice(_InstanceType, 'instanceType'),
  MetadataOptions: is.block('metadataOptions', {
    HttpEndpoint: is.choice(InstanceMetadataEndpointState, 'httpEndpoint'),
    HttpPutResponseHopLimit: is.number('httpPutResponseHopLimit'),
    HttpTokens: is.choice(LaunchTemplateHttpTokensState, 'httpTokens'),
  }),
  NetworkInterfaces: is.blocks('networkInterfaces', {
    AssociatePublicIpAddress: openFlag('associatePublicIpAddress'),
    DeviceIndex: is.number('deviceIndex'),
    Groups: is.texts('securityGroups'),
    SubnetId: is.text('subnetId'),
  }),
  TagSpecifications: is.blocks('tagSpecifications', {
    ResourceType: is.choice(ResourceType, 'resourceType'),
    Tags: TAGS,
  }),
});

/** The emulator answers the groups of an interface under a name that no SDK reads: then they are what was last applied. */
function withGroups(data: ResponseLaunchTemplateData, applied: Fields): ResponseLaunchTemplateData {
  const NetworkInterfaces = data.NetworkInterfaces?.map((card, index) => {
    const before = blocks(applied, 'networkInterfaces')[index] ?? {};
    return card.Groups?.length ? card : { ...card, Groups: texts(before, 'securityGroups') ?? [] };
  });
  return { ...data, NetworkInterfaces };
}

/** Asked for by themselves: once a tag is gone, the emulator's template still answers the ones that it was made with. */
async function tagsOf({ ec2 }: Clients, id: string): Promise<Fields> {
  const Filters = [{ Name: 'resource-id', Values: [id] }];
  return tagMap((await ec2.describeTags({ Filters })).Tags);
}

const versionOf = (spec: Fields) => ({
  VersionDescription: text(spec, 'description') || undefined,
  LaunchTemplateData: INSTANCE.to(spec),
});

const launchTemplate: Kind = {
  group: GROUPS.ec2,
  kind: 'LaunchTemplate',
  fields: ['region', 'name', 'description', 'tags', 'updateDefaultVersion', ...INSTANCE.fields],
  namedBy: 'provider',
  immutable: ['name'],
  steering: ['updateDefaultVersion'],
  defaults: { description: '', tags: {} },
  absent: ['InvalidLaunchTemplateId.NotFound', 'InvalidLaunchTemplateId.NotFoundException'],
  tags,

  async observe(subject) {
    const { clients, name, applied } = subject;
    const found = (await clients.ec2.describeLaunchTemplates({ LaunchTemplateIds: [name] }))
      .LaunchTemplates?.[0];
    if (!found) return undefined;
    const { LaunchTemplateVersions } = await clients.ec2.describeLaunchTemplateVersions({
      LaunchTemplateId: name,
      Versions: ['$Latest'],
    });
    const latest = LaunchTemplateVersions?.[0];
    return {
      state: {
        ...INSTANCE.from(withGroups(latest?.LaunchTemplateData ?? {}, applied)),
        name: found.LaunchTemplateName,
        description: latest?.VersionDescription ?? '',
        tags: await tagsOf(clients, name),
      },
      atProvider: {
        arn: ec2Arn(subject, `launch-template/${name}`),
        id: name,
        defaultVersion: found.DefaultVersionNumber,
        latestVersion: found.LatestVersionNumber,
      },
    };
  },

  async create({ clients, spec }) {
    const { LaunchTemplate } = await clients.ec2.createLaunchTemplate({
      // Without a name the provider makes one up, which nothing here could find again.
      LaunchTemplateName: needText(spec, 'name'),
      ...versionOf(spec),
      TagSpecifications: tagSpecifications(spec, ResourceType.launch_template),
    });
    return LaunchTemplate?.LaunchTemplateId;
  },

  async update({ clients, name, spec }) {
    const { LaunchTemplateVersion: made } = await clients.ec2.createLaunchTemplateVersion({
      LaunchTemplateId: name,
      ...versionOf(spec),
    });
    if (!flag(spec, 'updateDefaultVersion')) return;
    const DefaultVersion = String(made?.VersionNumber);
    await clients.ec2.modifyLaunchTemplate({ LaunchTemplateId: name, DefaultVersion });
  },

  remove: ({ clients, name }) => clients.ec2.deleteLaunchTemplate({ LaunchTemplateId: name }),
};

export const ec2Kinds = [securityGroup, egressRule, launchTemplate];
