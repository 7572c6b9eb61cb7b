/** Roles and their inline policies. IAM is global: these kinds have no `region`. */
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam';
import { defined, dictionary, needText, number, text } from '../fields.ts';
import { GROUPS, ifFound, type Kind, type Subject, staleTags, tagList, tagMap } from './kind.ts';

const ABSENT = 'NoSuchEntityException';

async function setBoundary({ clients, name, spec }: Subject): Promise<void> {
  const PermissionsBoundary = text(spec, 'permissionsBoundary');
  if (PermissionsBoundary) {
    await clients.iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: name, PermissionsBoundary }));
  } else {
    await clients.iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: name }));
  }
}

const role: Kind = {
  group: GROUPS.iam,
  kind: 'Role',
  fields: ['assumeRolePolicy', 'description', 'maxSessionDuration', 'path', 'permissionsBoundary', 'tags'],
  namedBy: 'manifest',
  immutable: ['path'],
  documents: { assumeRolePolicy: 'policy' },
  defaults: { description: '', permissionsBoundary: '', tags: {}, maxSessionDuration: 3600 },

  async observe({ clients, name }) {
    const found = (await ifFound(clients.iam.send(new GetRoleCommand({ RoleName: name })), ABSENT))?.Role;
    if (!found) return undefined;
    return {
      state: defined({
        // IAM answers documents URL-encoded.
        assumeRolePolicy: decodeURIComponent(found.AssumeRolePolicyDocument ?? ''),
        description: found.Description ?? '',
        maxSessionDuration: found.MaxSessionDuration ?? 3600,
        path: found.Path,
        permissionsBoundary: found.PermissionsBoundary?.PermissionsBoundaryArn ?? '',
        tags: tagMap(found.Tags),
      }),
      atProvider: defined({
        arn: found.Arn,
        id: found.RoleName,
        uniqueId: found.RoleId,
        createDate: found.CreateDate?.toISOString(),
      }),
      ready: true,
    };
  },

  async create({ clients, name, spec }) {
    await clients.iam.send(
      new CreateRoleCommand({
        RoleName: name,
        AssumeRolePolicyDocument: needText(spec, 'assumeRolePolicy'),
        Description: text(spec, 'description') || undefined,
        MaxSessionDuration: number(spec, 'maxSessionDuration'),
        Path: text(spec, 'path'),
        PermissionsBoundary: text(spec, 'permissionsBoundary') || undefined,
        Tags: tagList(dictionary(spec, 'tags')),
      }),
    );
    return undefined;
  },

  async update(subject, changed, seen) {
    const { clients, name, spec } = subject;
    if (changed.has('assumeRolePolicy')) {
      const PolicyDocument = needText(spec, 'assumeRolePolicy');
      await clients.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: name, PolicyDocument }));
    }
    if (changed.has('description') || changed.has('maxSessionDuration')) {
      const Description = text(spec, 'description');
      const MaxSessionDuration = number(spec, 'maxSessionDuration');
      await clients.iam.send(new UpdateRoleCommand({ RoleName: name, Description, MaxSessionDuration }));
    }
    if (changed.has('permissionsBoundary')) await setBoundary(subject);
    if (changed.has('tags')) {
      const tags = dictionary(spec, 'tags');
      const TagKeys = staleTags(seen, tags);
      if (TagKeys.length > 0) await clients.iam.send(new UntagRoleCommand({ RoleName: name, TagKeys }));
      const Tags = tagList(tags);
      if (Tags.length > 0) await clients.iam.send(new TagRoleCommand({ RoleName: name, Tags }));
    }
  },

  async remove({ clients, name }) {
    await ifFound(clients.iam.send(new DeleteRoleCommand({ RoleName: name })), ABSENT);
  },
};

async function putRolePolicy({ clients, name, spec }: Subject): Promise<undefined> {
  const RoleName = needText(spec, 'role');
  const PolicyDocument = needText(spec, 'policy');
  await clients.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: name, PolicyDocument }));
}

const rolePolicy: Kind = {
  group: GROUPS.iam,
  kind: 'RolePolicy',
  fields: ['policy', 'role'],
  references: [{ from: 'roleRef', to: 'role', group: GROUPS.iam, kind: 'Role', take: 'status.id' }],
  namedBy: 'manifest',
  immutable: ['role'],
  documents: { policy: 'policy' },

  async observe({ clients, name, spec, applied }) {
    const RoleName = text(applied, 'role') ?? needText(spec, 'role');
    const command = new GetRolePolicyCommand({ RoleName, PolicyName: name });
    const found = await ifFound(clients.iam.send(command), ABSENT);
    if (!found) return undefined;
    const policy = decodeURIComponent(found.PolicyDocument ?? '');
    return { state: { policy, role: RoleName }, atProvider: { id: `${RoleName}:${name}` }, ready: true };
  },

  create: putRolePolicy,
  update: putRolePolicy,

  async remove({ clients, name, spec }) {
    const RoleName = needText(spec, 'role');
    await ifFound(clients.iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: name })), ABSENT);
  },
};

export const iamKinds = [role, rolePolicy];
