/** Instance profiles: how an instance gets a role. */
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  DeleteInstanceProfileCommand,
  GetInstanceProfileCommand,
  RemoveRoleFromInstanceProfileCommand,
  TagInstanceProfileCommand,
  UntagInstanceProfileCommand,
} from '@aws-sdk/client-iam';
import type { Clients } from '../aws.ts';
import { defined, dictionary, text } from '../fields.ts';
import { GROUPS, ifFound, type Kind, staleTags, tagList, tagMap } from './kind.ts';

const ABSENT = 'NoSuchEntityException';

async function addRole({ iam }: Clients, InstanceProfileName: string, RoleName: string): Promise<void> {
  await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName }));
}

/** IAM wants a profile empty before it takes another role, or goes. */
async function removeRole({ iam }: Clients, InstanceProfileName: string, RoleName: string): Promise<void> {
  const command = new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName, RoleName });
  await ifFound(iam.send(command), ABSENT);
}

async function profileOf({ iam }: Clients, InstanceProfileName: string) {
  const found = await ifFound(iam.send(new GetInstanceProfileCommand({ InstanceProfileName })), ABSENT);
  return found?.InstanceProfile;
}

const instanceProfile: Kind = {
  group: GROUPS.iam,
  kind: 'InstanceProfile',
  fields: ['path', 'role', 'tags'],
  references: [{ from: 'roleRef', to: 'role', group: GROUPS.iam, kind: 'Role', take: 'externalName' }],
  namedBy: 'manifest',
  immutable: ['path'],
  defaults: { path: '/', role: '', tags: {} },

  async observe({ clients, name }) {
    const found = await profileOf(clients, name);
    if (!found) return undefined;
    return {
      state: defined({
        path: found.Path,
        // A profile holds one role at most.
        role: found.Roles?.[0]?.RoleName ?? '',
        tags: tagMap(found.Tags),
      }),
      atProvider: defined({
        arn: found.Arn,
        id: found.InstanceProfileName,
        uniqueId: found.InstanceProfileId,
        createDate: found.CreateDate?.toISOString(),
      }),
      ready: true,
    };
  },

  async create({ clients, name, spec }) {
    const Tags = tagList(dictionary(spec, 'tags'));
    const Path = text(spec, 'path');
    await clients.iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: name, Path, Tags }));
    const role = text(spec, 'role');
    if (role) await addRole(clients, name, role);
    return undefined;
  },

  async update({ clients, name, spec }, changed, seen) {
    const before = text(seen.state, 'role');
    const role = text(spec, 'role');
    if (changed.has('role')) {
      if (before) await removeRole(clients, name, before);
      if (role) await addRole(clients, name, role);
    }
    if (!changed.has('tags')) return;
    const tags = dictionary(spec, 'tags');
    const which = { InstanceProfileName: name };
    const TagKeys = staleTags(seen, tags);
    if (TagKeys.length > 0) await clients.iam.send(new UntagInstanceProfileCommand({ ...which, TagKeys }));
    const Tags = tagList(tags);
    if (Tags.length > 0) await clients.iam.send(new TagInstanceProfileCommand({ ...which, Tags }));
  },

  async remove({ clients, name }) {
    for (const { RoleName } of (await profileOf(clients, name))?.Roles ?? []) {
      if (RoleName !== undefined) await removeRole(clients, name, RoleName);
    }
    await ifFound(clients.iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName: name })), ABSENT);
  },
};

export const instanceProfileKinds = [instanceProfile];
