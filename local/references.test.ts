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

const made: Manifest = { ...managed(GROUPS.iam, 'Role', 'r', {}), status: { atProvider: { arn: 'arn:r' } } };
const pending = managed(GROUPS.iam, 'Role', 'pending', {});
const group = managed(GROUPS.logs, 'Group', 'g', {}, { externalName: '/g' });
const target = managed(GROUPS.autoscaling, 'Target', 't', { resourceId: 'table/x' });
const namesake = managed(GROUPS.s3, 'Bucket', 'r', {});
const all = [namesake, made, pending, group, target];

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
