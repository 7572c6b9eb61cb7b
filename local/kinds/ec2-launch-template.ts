/** Launch templates: what instances are started from. A changed one gets a new version, and keeps the old ones. */
import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DeleteLaunchTemplateCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeTagsCommand,
  ModifyLaunchTemplateCommand,
  ResourceType,
} from '@aws-sdk/client-ec2';
import type { Clients } from '../aws.ts';
import { defined, type Fields, flag, needText, text } from '../fields.ts';
import { ec2Arn, setTags, tagSpecifications } from './ec2.ts';
import { fromData, toData, VERSION_FIELDS } from './ec2-launch-template-mapping.ts';
import { GROUPS, ifFound, type Kind, type Subject, tagMap } from './kind.ts';

const ABSENT = ['InvalidLaunchTemplateId.NotFound', 'InvalidLaunchTemplateId.NotFoundException'];

/** Asked for by themselves: once a tag is gone, the emulator's template still answers the ones that it was made with. */
async function tagsOf({ ec2 }: Clients, id: string): Promise<Fields> {
  const { Tags } = await ec2.send(
    new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [id] }] }),
  );
  return tagMap(Tags);
}

async function newVersion({ clients, name, spec }: Subject): Promise<number | undefined> {
  const { LaunchTemplateVersion } = await clients.ec2.send(
    new CreateLaunchTemplateVersionCommand({
      LaunchTemplateId: name,
      VersionDescription: text(spec, 'description') || undefined,
      LaunchTemplateData: toData(spec),
    }),
  );
  return LaunchTemplateVersion?.VersionNumber;
}

const launchTemplate: Kind = {
  group: GROUPS.ec2,
  kind: 'LaunchTemplate',
  fields: ['region', 'name', 'description', 'tags', 'updateDefaultVersion', ...VERSION_FIELDS],
  references: [
    ...(['arn', 'name'] as const).map((field) => ({
      from: `iamInstanceProfile.${field}Ref`,
      to: `iamInstanceProfile.${field}`,
      group: GROUPS.iam,
      kind: 'InstanceProfile',
      take: field === 'arn' ? ('status.arn' as const) : ('externalName' as const),
    })),
    ...[
      ['vpcSecurityGroupIdRefs[]', 'vpcSecurityGroupIds'] as const,
      ['networkInterfaces[].securityGroupRefs[]', 'networkInterfaces[].securityGroups'] as const,
    ].map(([from, to]) => ({
      ...{ from, to },
      ...{ group: GROUPS.ec2, kind: 'SecurityGroup', take: 'externalName' as const },
    })),
  ],
  namedBy: 'provider',
  immutable: ['name'],
  steering: ['updateDefaultVersion'],
  defaults: { description: '', tags: {} },

  async observe(subject) {
    const { clients, name, applied } = subject;
    const command = new DescribeLaunchTemplatesCommand({ LaunchTemplateIds: [name] });
    const found = (await ifFound(clients.ec2.send(command), ...ABSENT))?.LaunchTemplates?.[0];
    if (!found) return undefined;
    const { LaunchTemplateVersions } = await clients.ec2.send(
      new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: name, Versions: ['$Latest'] }),
    );
    const latest = LaunchTemplateVersions?.[0];
    return {
      state: defined({
        ...fromData(latest?.LaunchTemplateData ?? {}, applied),
        name: found.LaunchTemplateName,
        description: latest?.VersionDescription ?? '',
        tags: await tagsOf(clients, name),
      }),
      atProvider: defined({
        arn: ec2Arn(subject, `launch-template/${name}`),
        id: name,
        defaultVersion: found.DefaultVersionNumber,
        latestVersion: found.LatestVersionNumber,
      }),
      ready: true,
    };
  },

  async create({ clients, spec }) {
    const { LaunchTemplate } = await clients.ec2.send(
      new CreateLaunchTemplateCommand({
        // Without a name the provider makes one up, which nothing here could find again.
        LaunchTemplateName: needText(spec, 'name'),
        VersionDescription: text(spec, 'description') || undefined,
        LaunchTemplateData: toData(spec),
        TagSpecifications: tagSpecifications(spec, ResourceType.launch_template),
      }),
    );
    return LaunchTemplate?.LaunchTemplateId;
  },

  async update(subject, changed, seen) {
    const { clients, name, spec } = subject;
    if (changed.has('tags')) await setTags(subject, seen);
    if ([...changed].every((field) => field === 'tags')) return;
    const version = await newVersion(subject);
    if (!flag(spec, 'updateDefaultVersion')) return;
    const DefaultVersion = String(version);
    await clients.ec2.send(new ModifyLaunchTemplateCommand({ LaunchTemplateId: name, DefaultVersion }));
  },

  async remove({ clients, name }) {
    const command = new DeleteLaunchTemplateCommand({ LaunchTemplateId: name });
    await ifFound(clients.ec2.send(command), ...ABSENT);
  },
};

export const launchTemplateKinds = [launchTemplate];
