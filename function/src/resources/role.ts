/** A role and what it may do. */
import type { IRole } from '@crossplane-models/provider-upjet-aws/iam.aws.m.upbound.io/v1beta1/Role';
import type { IRolePolicy } from '@crossplane-models/provider-upjet-aws/iam.aws.m.upbound.io/v1beta1/RolePolicy';
import type { Context } from '../context.ts';
import { policy, type Statement } from '../iam.ts';
import { policyKey, roleKey } from '../keys.ts';
import type { Arns } from '../names.ts';
import { type Area, type ComposedResource, define, type First } from '../plan.ts';

interface RolePlan {
  /** Of what the role is for. */
  key: string;
  area: Area;
  /** Part of its name in AWS, and the name of its policy; the key when absent. */
  part?: string;
  /** Who may assume it, as {@link trust} says; a function where that takes the account, so that the role waits for it. */
  trust: string | ((arns: Arns) => string);
  statements(arns: Arns): Statement[];
  first?: First;
}

const iam = { apiVersion: 'iam.aws.m.upbound.io/v1beta1' } as const;

/** The role, and the policy in it. */
export function role(context: Context, plan: RolePlan): ComposedResource[] {
  const { names, tags, permissionsBoundary } = context;
  const { key, area, part = key, trust, statements, first } = plan;
  const fields = (assumeRolePolicy: string) => ({
    assumeRolePolicy,
    ...(permissionsBoundary !== undefined && { permissionsBoundary }),
    tags,
  });
  return [
    define<IRole>(context, {
      ...iam,
      area,
      key: roleKey(key),
      kind: 'Role',
      ...(first && { first }),
      externalName: names.of('role', part),
      forProvider: typeof trust === 'string' ? fields(trust) : (arns) => fields(trust(arns)),
    }),
    define<IRolePolicy>(context, {
      ...iam,
      area,
      key: policyKey(key),
      kind: 'RolePolicy',
      externalName: part,
      forProvider: (arns) => ({ roleRef: roleRef(context, key), policy: policy(statements(arns)) }),
    }),
  ];
}

/** A reference to the role of what has this key. */
export const roleRef = ({ names }: Context, key: string) => ({ name: names.composed(roleKey(key)) });
