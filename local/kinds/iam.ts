/** Roles and instance profiles: what their table does not say. */
import { answerUnless, type Clients } from '../aws.ts';
import { needText, text } from '../fields.ts';
import { kindsOf } from './table.ts';

/** IAM wants a profile empty before it takes another role, or goes. */
async function removeRole({ iam }: Clients, InstanceProfileName: string, RoleName: string): Promise<void> {
  const removal = iam.removeRoleFromInstanceProfile({ InstanceProfileName, RoleName });
  await answerUnless(removal, 'NoSuchEntityException');
}

export const iamKinds = kindsOf(
  'iam.yaml',
  {},
  {
    Role: () => ({
      async update({ clients, name: RoleName, spec }, changed) {
        if (changed.has('assumeRolePolicy')) {
          const PolicyDocument = needText(spec, 'assumeRolePolicy');
          await clients.iam.updateAssumeRolePolicy({ RoleName, PolicyDocument });
        }
        if (!changed.has('permissionsBoundary')) return;
        const PermissionsBoundary = text(spec, 'permissionsBoundary');
        if (PermissionsBoundary)
          await clients.iam.putRolePermissionsBoundary({ RoleName, PermissionsBoundary });
        else await clients.iam.deleteRolePermissionsBoundary({ RoleName });
      },
    }),

    InstanceProfile: ({ create }) => ({
      async create(subject) {
        const { clients, name: InstanceProfileName, spec } = subject;
        await create(subject);
        const RoleName = text(spec, 'role');
        if (RoleName) await clients.iam.addRoleToInstanceProfile({ InstanceProfileName, RoleName });
      },
      async update({ clients, name: InstanceProfileName, spec }, _, seen) {
        const [before, RoleName] = [text(seen.state, 'role'), text(spec, 'role')];
        if (before) await removeRole(clients, InstanceProfileName, before);
        if (RoleName) await clients.iam.addRoleToInstanceProfile({ InstanceProfileName, RoleName });
      },
      async remove({ clients, name: InstanceProfileName }) {
        const { InstanceProfile } = await clients.iam.getInstanceProfile({ InstanceProfileName });
        for (const { RoleName } of InstanceProfile?.Roles ?? [])
          if (RoleName !== undefined) await removeRole(clients, InstanceProfileName, RoleName);
        await clients.iam.deleteInstanceProfile({ InstanceProfileName });
      },
    }),
  },
);
