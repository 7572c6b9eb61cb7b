/** Roles, their inline policies, and instance profiles, by which an instance gets a role. IAM is global: these kinds have no `region`. */
import { answerUnless, type Clients } from '../aws.ts';
import { dictionary, needText, text } from '../fields.ts';
import { GROUPS, type Kind, reference, type Subject, tagList, tagMap } from './kind.ts';

const absent = ['NoSuchEntityException'];

const role: Kind = {
  group: GROUPS.iam,
  kind: 'Role',
  fields: ['assumeRolePolicy', 'permissionsBoundary', 'tags'],
  namedBy: 'manifest',
  documents: { assumeRolePolicy: 'policy' },
  defaults: { permissionsBoundary: '', tags: {} },
  absent,

  async observe({ clients, name }) {
    const found = (await clients.iam.getRole({ RoleName: name })).Role;
    return (
      found && {
        state: {
          // IAM answers documents URL-encoded.
          assumeRolePolicy: decodeURIComponent(found.AssumeRolePolicyDocument ?? ''),
          permissionsBoundary: found.PermissionsBoundary?.PermissionsBoundaryArn ?? '',
          tags: tagMap(found.Tags),
        },
        atProvider: { arn: found.Arn, id: found.RoleName },
      }
    );
  },

  create: ({ clients, name, spec }) =>
    clients.iam.createRole({
      RoleName: name,
      AssumeRolePolicyDocument: needText(spec, 'assumeRolePolicy'),
      PermissionsBoundary: text(spec, 'permissionsBoundary') || undefined,
      Tags: tagList(dictionary(spec, 'tags')),
    }),

  tags: {
    put: ({ clients, name }, tags) => clients.iam.tagRole({ RoleName: name, Tags: tagList(tags) }),
    take: ({ clients, name }, TagKeys) => clients.iam.untagRole({ RoleName: name, TagKeys }),
  },

  async update({ clients, name, spec }, changed) {
    const RoleName = name;
    if (changed.has('assumeRolePolicy')) {
      const PolicyDocument = needText(spec, 'assumeRolePolicy');
      await clients.iam.updateAssumeRolePolicy({ RoleName, PolicyDocument });
    }
    if (!changed.has('permissionsBoundary')) return;
    const PermissionsBoundary = text(spec, 'permissionsBoundary');
    if (PermissionsBoundary) await clients.iam.putRolePermissionsBoundary({ RoleName, PermissionsBoundary });
    else await clients.iam.deleteRolePermissionsBoundary({ RoleName });
  },

  remove: ({ clients, name }) => clients.iam.deleteRole({ RoleName: name }),
};

const putRolePolicy = ({ clients, name, spec }: Subject) =>
  clients.iam.putRolePolicy({
    RoleName: needText(spec, 'role'),
    PolicyName: name,
    PolicyDocument: needText(spec, 'policy'),
  });

const rolePolicy: Kind = {
  group: GROUPS.iam,
  kind: 'RolePolicy',
  fields: ['policy', 'role'],
  references: [reference('role', 'iam', 'Role', 'status.id')],
  namedBy: 'manifest',
  immutable: ['role'],
  documents: { policy: 'policy' },
  absent,

  async observe({ clients, name, spec, applied }) {
    const RoleName = text(applied, 'role') ?? needText(spec, 'role');
    const found = await clients.iam.getRolePolicy({ RoleName, PolicyName: name });
    const policy = decodeURIComponent(found.PolicyDocument ?? '');
    return { state: { policy, role: RoleName }, atProvider: { id: `${RoleName}:${name}` } };
  },

  create: putRolePolicy,
  update: putRolePolicy,

  remove: ({ clients, name, spec }) =>
    clients.iam.deleteRolePolicy({ RoleName: needText(spec, 'role'), PolicyName: name }),
};

async function addRole({ iam }: Clients, InstanceProfileName: string, RoleName: string): Promise<void> {
  await iam.addRoleToInstanceProfile({ InstanceProfileName, RoleName });
}

/** IAM wants a profile empty before it takes another role, or goes. */
async function removeRole({ iam }: Clients, InstanceProfileName: string, RoleName: string): Promise<void> {
  await answerUnless(iam.removeRoleFromInstanceProfile({ InstanceProfileName, RoleName }), ...absent);
}

async function profileOf({ clients, name }: Subject) {
  return (await clients.iam.getInstanceProfile({ InstanceProfileName: name })).InstanceProfile;
}

const instanceProfile: Kind = {
  group: GROUPS.iam,
  kind: 'InstanceProfile',
  fields: ['role', 'tags'],
  references: [reference('role', 'iam', 'Role', 'externalName')],
  namedBy: 'manifest',
  defaults: { role: '', tags: {} },
  absent,

  async observe(subject) {
    const found = await profileOf(subject);
    return (
      found && {
        // A profile holds one role at most.
        state: { role: found.Roles?.[0]?.RoleName ?? '', tags: tagMap(found.Tags) },
        atProvider: { arn: found.Arn, id: found.InstanceProfileName },
      }
    );
  },

  async create({ clients, name, spec }) {
    const Tags = tagList(dictionary(spec, 'tags'));
    await clients.iam.createInstanceProfile({ InstanceProfileName: name, Tags });
    const held = text(spec, 'role');
    if (held) await addRole(clients, name, held);
  },

  tags: {
    put: ({ clients, name }, tags) =>
      clients.iam.tagInstanceProfile({ InstanceProfileName: name, Tags: tagList(tags) }),
    take: ({ clients, name }, TagKeys) =>
      clients.iam.untagInstanceProfile({ InstanceProfileName: name, TagKeys }),
  },

  async update({ clients, name, spec }, _, seen) {
    const [before, after] = [text(seen.state, 'role'), text(spec, 'role')];
    if (before) await removeRole(clients, name, before);
    if (after) await addRole(clients, name, after);
  },

  async remove(subject) {
    const { clients, name } = subject;
    for (const { RoleName } of (await profileOf(subject))?.Roles ?? []) {
      if (RoleName !== undefined) await removeRole(clients, name, RoleName);
    }
    await clients.iam.deleteInstanceProfile({ InstanceProfileName: name });
  },
};

export const iamKinds = [role, rolePolicy, instanceProfile];
