import { expect, test } from 'vitest';
import { GROUPS, type Reference } from './kinds/kind.ts';
import { EXTERNAL_NAME, type Manifest } from './manifest.ts';
import { resolveReferences } from './references.ts';
import { managed } from './testing/manifests.ts';

const roleRef: Reference = {
  from: 'roleRef',
  to: 'role',
  group: GROUPS.iam,
  kind: 'Role',
  take: 'status.arn',
};
const logGroupRef: Reference = {
  from: 'loggingConfig.logGroupRef',
  to: 'loggingConfig.logGroup',
  group: GROUPS.logs,
  kind: 'Group',
  take: 'externalName',
};
const resourceIdRef: Reference = {
  from: 'resourceIdRef',
  to: 'resourceId',
  group: GROUPS.autoscaling,
  kind: 'Target',
  take: 'spec.resourceId',
};

const securityGroupRefs: Reference = {
  from: 'networkInterfaces[].securityGroupRefs[]',
  to: 'networkInterfaces[].securityGroups',
  group: GROUPS.ec2,
  kind: 'SecurityGroup',
  take: 'externalName',
};

const made: Manifest = { ...managed(GROUPS.iam, 'Role', 'r', {}), status: { atProvider: { arn: 'arn:r' } } };
const pending = managed(GROUPS.iam, 'Role', 'pending', {});
const group = managed(GROUPS.logs, 'Group', 'g', {}, { externalName: '/g' });
const target = managed(GROUPS.autoscaling, 'Target', 't', { resourceId: 'table/x' });
const inner = managed(GROUPS.ec2, 'SecurityGroup', 'inner', {}, { externalName: 'sg-1' });
const outer = managed(GROUPS.ec2, 'SecurityGroup', 'outer', {}, { externalName: 'sg-2' });
const namesake = managed(GROUPS.s3, 'Bucket', 'r', {});
const all = [namesake, made, pending, group, target, inner, outer];

test('takes the ARN from the status of the one with that kind and name', () => {
  expect(resolveReferences({ roleRef: { name: 'r' } }, [roleRef], all)).toEqual({
    role: 'arn:r',
    roleRef: { name: 'r' },
  });
});

test('takes an external name into a nested block and leaves the rest of it', () => {
  const loggingConfig = { logFormat: 'JSON', logGroupRef: { name: 'g' } };
  expect(resolveReferences({ loggingConfig }, [logGroupRef], all)).toEqual({
    loggingConfig: { ...loggingConfig, logGroup: '/g' },
  });
  expect(group.metadata.annotations?.[EXTERNAL_NAME]).toBe('/g');
});

test('takes a field of the other spec, as a scaling policy does from its target', () => {
  const resolved = resolveReferences({ resourceIdRef: { name: 't' } }, [resourceIdRef], all);
  expect(resolved['resourceId']).toBe('table/x');
});

test('takes a list of them into each item of a list', () => {
  const refs = (...names: string[]) => ({ securityGroupRefs: names.map((name) => ({ name })) });
  const networkInterfaces = [refs('inner', 'outer'), { subnetId: 's' }, { securityGroups: ['sg-9'] }];
  expect(resolveReferences({ networkInterfaces }, [securityGroupRefs], all)).toEqual({
    networkInterfaces: [
      { ...refs('inner', 'outer'), securityGroups: ['sg-1', 'sg-2'] },
      { subnetId: 's' },
      { securityGroups: ['sg-9'] },
    ],
  });
  expect(resolveReferences({ imageId: 'i' }, [securityGroupRefs], all)).toEqual({ imageId: 'i' });
  expect(() =>
    resolveReferences({ networkInterfaces: [refs('inner', 'nobody')] }, [securityGroupRefs], all),
  ).toThrow(
    'cannot resolve references: spec.forProvider.networkInterfaces[0].securityGroupRefs[1]: ' +
      'cannot get referenced resource: SecurityGroup "nobody" not found',
  );
});

test('a value already there wins, and no reference is no error', () => {
  expect(resolveReferences({ role: 'mine', roleRef: { name: 'nobody' } }, [roleRef], all)['role']).toBe(
    'mine',
  );
  expect(resolveReferences({}, [roleRef], all)).toEqual({});
});

test('says in the words of the provider what is missing', () => {
  const resolve = (name: string) => () => resolveReferences({ roleRef: { name } }, [roleRef], all);
  expect(resolve('nobody')).toThrow(
    'cannot resolve references: spec.forProvider.roleRef: cannot get referenced resource: Role "nobody" not found',
  );
  expect(resolve('pending')).toThrow(
    'cannot resolve references: spec.forProvider.roleRef: referenced field was empty ' +
      '(referenced resource may not yet be ready): Role "pending"',
  );
});

test('changes neither the manifest nor the other resource', () => {
  const forProvider = Object.freeze({
    loggingConfig: Object.freeze({ logGroupRef: Object.freeze({ name: 'g' }) }),
  });
  expect(() => resolveReferences(forProvider, [logGroupRef], all)).not.toThrow();
});
