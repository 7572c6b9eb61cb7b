/** Launch templates, security groups, and what a security group lets out: what their table does not say. */
import * as sdk from '@aws-sdk/client-ec2';
import { blocks, type Fields, flag, texts } from '../fields.ts';
import type { Tagging } from './kind.ts';
import { valueAt } from './mapping.ts';
import { kindsOf } from './table.ts';

/** The external name of a resource is the id that EC2 knows it by. */
const tags: Tagging = {
  put: ({ clients, name }, added) =>
    clients.ec2.createTags({
      Resources: [name],
      Tags: Object.entries(added).map(([Key, Value]) => ({ Key, Value })),
    }),
  take: ({ clients, name }, keys) =>
    clients.ec2.deleteTags({ Resources: [name], Tags: keys.map((Key) => ({ Key })) }),
};

/** The emulator answers the groups of an interface under a name that no SDK reads: then they are what was last applied. */
function withGroups(data: sdk.ResponseLaunchTemplateData, applied: Fields): sdk.ResponseLaunchTemplateData {
  const NetworkInterfaces = data.NetworkInterfaces?.map((card, index) => {
    const before = blocks(applied, 'networkInterfaces')[index] ?? {};
    return card.Groups?.length ? card : { ...card, Groups: texts(before, 'securityGroups') ?? [] };
  });
  return { ...data, NetworkInterfaces };
}

export const ec2Kinds = kindsOf('ec2.yaml', sdk, {
  SecurityGroup: ({ create }) => ({
    tags,
    async create(subject) {
      const GroupId = await create(subject);
      // AWS lets a new group out to everywhere; the provider takes that away.
      const IpPermissions = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
      if (GroupId !== undefined)
        await subject.clients.ec2.revokeSecurityGroupEgress({ GroupId, IpPermissions });
      return GroupId;
    },
  }),

  SecurityGroupEgressRule: ({ address, send, to }) => ({
    tags,
    update: (subject) => {
      const { IpPermissions } = to(subject.spec);
      const [permission] = blocks({ IpPermissions }, 'IpPermissions');
      const { IpRanges, ...ports } = permission ?? {};
      const [range] = blocks({ IpRanges }, 'IpRanges');
      const SecurityGroupRule = {
        ...ports,
        CidrIpv4: range?.['CidrIp'],
        Description: range?.['Description'],
      };
      const SecurityGroupRules = [{ SecurityGroupRuleId: subject.name, SecurityGroupRule }];
      return send(subject, 'modifySecurityGroupRules', { ...address(subject), SecurityGroupRules });
    },
  }),

  LaunchTemplate: ({ update }) => ({
    tags,
    async find({ clients, name: LaunchTemplateId, applied }) {
      const { ec2 } = clients;
      const answer = await ec2.describeLaunchTemplates({ LaunchTemplateIds: [LaunchTemplateId] });
      const [template] = answer.LaunchTemplates ?? [];
      if (!template) return undefined;
      const latest = await ec2.describeLaunchTemplateVersions({ LaunchTemplateId, Versions: ['$Latest'] });
      const [version] = latest.LaunchTemplateVersions ?? [];
      // Asked for by themselves: once a tag is gone, the emulator's template still answers the ones that it was made with.
      const { Tags } = await ec2.describeTags({
        Filters: [{ Name: 'resource-id', Values: [LaunchTemplateId] }],
      });
      const LaunchTemplateData = withGroups(version?.LaunchTemplateData ?? {}, applied);
      return { ...template, VersionDescription: version?.VersionDescription, LaunchTemplateData, Tags };
    },
    async update(subject) {
      const { clients, name: LaunchTemplateId, spec } = subject;
      const made = await update(subject);
      if (!flag(spec, 'updateDefaultVersion')) return;
      const DefaultVersion = String(valueAt(made, 'LaunchTemplateVersion.VersionNumber'));
      await clients.ec2.modifyLaunchTemplate({ LaunchTemplateId, DefaultVersion });
    },
  }),
});
