/** What a security group lets out, one managed resource a rule. */
import {
  AuthorizeSecurityGroupEgressCommand,
  DescribeSecurityGroupRulesCommand,
  type IpPermission,
  ModifySecurityGroupRulesCommand,
  ResourceType,
  RevokeSecurityGroupEgressCommand,
  type SecurityGroupRule,
} from '@aws-sdk/client-ec2';
import { defined, type Fields, needText, number, text } from '../fields.ts';
import { ec2Arn, setTags, tagSpecifications } from './ec2.ts';
import { GROUPS, ifFound, type Kind, tagMap } from './kind.ts';

const ABSENT = ['InvalidGroup.NotFound', 'InvalidSecurityGroupRuleId.NotFound'];
const DESTINATIONS = ['cidrIpv4', 'cidrIpv6', 'prefixListId', 'referencedSecurityGroupId'] as const;

function toPermission(spec: Fields): IpPermission {
  const Description = text(spec, 'description');
  const [CidrIp, CidrIpv6, PrefixListId, GroupId] = DESTINATIONS.map((field) => text(spec, field));
  return {
    IpProtocol: needText(spec, 'ipProtocol'),
    FromPort: number(spec, 'fromPort'),
    ToPort: number(spec, 'toPort'),
    ...(CidrIp === undefined ? {} : { IpRanges: [{ CidrIp, Description }] }),
    ...(CidrIpv6 === undefined ? {} : { Ipv6Ranges: [{ CidrIpv6, Description }] }),
    ...(PrefixListId === undefined ? {} : { PrefixListIds: [{ PrefixListId, Description }] }),
    ...(GroupId === undefined ? {} : { UserIdGroupPairs: [{ GroupId, Description }] }),
  };
}

function fromRule(rule: SecurityGroupRule): Fields {
  return defined({
    cidrIpv4: rule.CidrIpv4,
    cidrIpv6: rule.CidrIpv6,
    prefixListId: rule.PrefixListId,
    referencedSecurityGroupId: rule.ReferencedGroupInfo?.GroupId,
    description: rule.Description ?? '',
    fromPort: rule.FromPort,
    toPort: rule.ToPort,
    ipProtocol: rule.IpProtocol,
    securityGroupId: rule.GroupId,
    tags: tagMap(rule.Tags),
  });
}

const egressRule: Kind = {
  group: GROUPS.ec2,
  kind: 'SecurityGroupEgressRule',
  fields: [
    'region',
    'securityGroupId',
    'ipProtocol',
    'fromPort',
    'toPort',
    'description',
    'tags',
    ...DESTINATIONS,
  ],
  references: ['securityGroupId', 'referencedSecurityGroupId'].map((to) => ({
    from: `${to}Ref`,
    to,
    group: GROUPS.ec2,
    kind: 'SecurityGroup',
    take: 'externalName',
  })),
  namedBy: 'provider',
  immutable: ['securityGroupId'],
  defaults: { description: '', tags: {} },

  async observe(subject) {
    const { clients, name } = subject;
    const command = new DescribeSecurityGroupRulesCommand({ SecurityGroupRuleIds: [name] });
    const rule = (await ifFound(clients.ec2.send(command), ...ABSENT))?.SecurityGroupRules?.[0];
    if (!rule) return undefined;
    const arn = ec2Arn(subject, `security-group-rule/${name}`);
    return { state: fromRule(rule), atProvider: { arn, id: name, securityGroupRuleId: name }, ready: true };
  },

  async create({ clients, spec }) {
    const { SecurityGroupRules } = await clients.ec2.send(
      new AuthorizeSecurityGroupEgressCommand({
        GroupId: needText(spec, 'securityGroupId'),
        IpPermissions: [toPermission(spec)],
        TagSpecifications: tagSpecifications(spec, ResourceType.security_group_rule),
      }),
    );
    return SecurityGroupRules?.[0]?.SecurityGroupRuleId;
  },

  async update(subject, changed, seen) {
    const { clients, name, spec } = subject;
    const other = DESTINATIONS.find((field) => spec[field] !== undefined && seen.state[field] === undefined);
    if (other !== undefined) {
      throw new Error(
        `refuse to update the external resource because the following update requires replacing it: ` +
          `a rule cannot get ${other} in place of what it lets out to`,
      );
    }
    if (changed.has('tags')) await setTags(subject, seen);
    if ([...changed].every((field) => field === 'tags')) return;
    const [CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupId] = DESTINATIONS.map((each) =>
      text(spec, each),
    );
    const SecurityGroupRule = {
      ...{ CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupId },
      Description: text(spec, 'description') || undefined,
      IpProtocol: text(spec, 'ipProtocol'),
      FromPort: number(spec, 'fromPort'),
      ToPort: number(spec, 'toPort'),
    };
    await clients.ec2.send(
      new ModifySecurityGroupRulesCommand({
        GroupId: needText(spec, 'securityGroupId'),
        SecurityGroupRules: [{ SecurityGroupRuleId: name, SecurityGroupRule }],
      }),
    );
  },

  async remove({ clients, name, spec }) {
    const GroupId = needText(spec, 'securityGroupId');
    const command = new RevokeSecurityGroupEgressCommand({ GroupId, SecurityGroupRuleIds: [name] });
    await ifFound(clients.ec2.send(command), ...ABSENT);
  },
};

export const egressRuleKinds = [egressRule];
