/** Security groups. By itself one lets nothing in and nothing out; the rules are managed resources of their own. */
import {
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  ResourceType,
  RevokeSecurityGroupEgressCommand,
} from '@aws-sdk/client-ec2';
import { defined, needText, text } from '../fields.ts';
import { ec2Arn, setTags, tagSpecifications } from './ec2.ts';
import { GROUPS, ifFound, type Kind, type Subject, tagMap } from './kind.ts';

const ABSENT = 'InvalidGroup.NotFound';

/** AWS lets a new group out to everywhere; the provider takes that away. */
async function revokeDefaultEgress({ clients }: Subject, GroupId: string): Promise<void> {
  const IpPermissions = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
  await clients.ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions }));
}

const securityGroup: Kind = {
  group: GROUPS.ec2,
  kind: 'SecurityGroup',
  // No `vpcIdRef`: there is no VPC among the kinds here.
  fields: ['region', 'name', 'description', 'vpcId', 'revokeRulesOnDelete', 'tags'],
  namedBy: 'provider',
  immutable: ['name', 'description', 'vpcId'],
  steering: ['revokeRulesOnDelete'],
  defaults: { description: 'Managed by Terraform', tags: {} },

  async observe(subject) {
    const { clients, name } = subject;
    const command = new DescribeSecurityGroupsCommand({ GroupIds: [name] });
    const found = (await ifFound(clients.ec2.send(command), ABSENT))?.SecurityGroups?.[0];
    if (!found) return undefined;
    return {
      state: defined({
        name: found.GroupName,
        description: found.Description,
        vpcId: found.VpcId,
        tags: tagMap(found.Tags),
      }),
      atProvider: defined({
        arn: ec2Arn(subject, `security-group/${name}`),
        id: name,
        ownerId: found.OwnerId,
      }),
      ready: true,
    };
  },

  async create(subject) {
    const { clients, spec } = subject;
    const { GroupId } = await clients.ec2.send(
      new CreateSecurityGroupCommand({
        // Without a name the provider makes one up, which nothing here could find again.
        GroupName: needText(spec, 'name'),
        Description: needText(spec, 'description'),
        VpcId: text(spec, 'vpcId'),
        TagSpecifications: tagSpecifications(spec, ResourceType.security_group),
      }),
    );
    if (GroupId !== undefined) await revokeDefaultEgress(subject, GroupId);
    return GroupId;
  },

  async update(subject, changed, seen) {
    if (changed.has('tags')) await setTags(subject, seen);
  },

  async remove({ clients, name }) {
    await ifFound(clients.ec2.send(new DeleteSecurityGroupCommand({ GroupId: name })), ABSENT);
  },
};

export const securityGroupKinds = [securityGroup];
