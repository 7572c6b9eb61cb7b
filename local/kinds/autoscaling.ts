/** Application Auto Scaling: what may scale between which bounds, and by which target. */
import {
  MetricType,
  PolicyType,
  ScalableDimension,
  ServiceNamespace,
} from '@aws-sdk/client-application-auto-scaling';
import { dictionary, needText } from '../fields.ts';
import { GROUPS, type Kind, reference, type Subject } from './kind.ts';
import * as is from './mapping.ts';

const absent = ['ObjectNotFoundException'];

const PLACE = is.mapping({
  ResourceId: is.needText('resourceId'),
  ScalableDimension: is.choice(ScalableDimension, 'scalableDimension'),
  ServiceNamespace: is.choice(ServiceNamespace, 'serviceNamespace'),
});
const BOUNDS = is.mapping({ MinCapacity: is.number('minCapacity'), MaxCapacity: is.number('maxCapacity') });

const register = ({ clients, spec }: Subject, Tags: Record<string, string> = {}) =>
  clients.autoscaling.registerScalableTarget({
    ...PLACE.to(spec),
    ...BOUNDS.to(spec),
    ...(Object.keys(Tags).length > 0 && { Tags }),
  });

const target: Kind = {
  group: GROUPS.autoscaling,
  kind: 'Target',
  fields: ['region', 'tags', ...PLACE.fields, ...BOUNDS.fields],
  namedBy: 'provider',
  immutable: PLACE.fields,
  defaults: { tags: {} },
  absent,

  async observe({ clients, spec, applied }) {
    const { ResourceId, ...place } = PLACE.to({ ...spec, ...applied });
    const ResourceIds = ResourceId === undefined ? [] : [ResourceId];
    const found = (await clients.autoscaling.describeScalableTargets({ ...place, ResourceIds }))
      .ScalableTargets?.[0];
    if (!found) return undefined;
    const ResourceARN = found.ScalableTargetARN;
    const tags = ResourceARN && (await clients.autoscaling.listTagsForResource({ ResourceARN })).Tags;
    return {
      state: { ...PLACE.from(found), ...BOUNDS.from(found), tags: tags || {} },
      atProvider: { arn: ResourceARN, id: found.ResourceId },
    };
  },

  async create(subject) {
    await register(subject, dictionary(subject.spec, 'tags'));
    return needText(subject.spec, 'resourceId');
  },

  tags: {
    put: ({ clients }, Tags, ResourceARN) => clients.autoscaling.tagResource({ ResourceARN, Tags }),
    take: ({ clients }, TagKeys, ResourceARN) => clients.autoscaling.untagResource({ ResourceARN, TagKeys }),
  },

  update: (subject) => register(subject),

  remove: ({ clients, spec }) => clients.autoscaling.deregisterScalableTarget(PLACE.to(spec)),
};

const POLICY = is.mapping({
  PolicyType: is.choice(PolicyType, 'policyType'),
  TargetTrackingScalingPolicyConfiguration: is.block('targetTrackingScalingPolicyConfiguration', {
    TargetValue: is.number('targetValue'),
    PredefinedMetricSpecification: is.block('predefinedMetricSpecification', {
      PredefinedMetricType: is.choice(MetricType, 'predefinedMetricType'),
    }),
  }),
});

const putPolicy = ({ clients, name, spec }: Subject) =>
  clients.autoscaling.putScalingPolicy({ ...PLACE.to(spec), ...POLICY.to(spec), PolicyName: name });

const policy: Kind = {
  group: GROUPS.autoscaling,
  kind: 'Policy',
  fields: ['region', ...PLACE.fields, ...POLICY.fields],
  references: (['resourceId', 'scalableDimension', 'serviceNamespace'] as const).map((field) =>
    reference(field, 'autoscaling', 'Target', `spec.${field}`),
  ),
  namedBy: 'manifest',
  immutable: [...PLACE.fields, 'policyType'],
  absent,

  async observe({ clients, name, spec, applied }) {
    const place = PLACE.to({ ...spec, ...applied });
    const found = (await clients.autoscaling.describeScalingPolicies({ ...place, PolicyNames: [name] }))
      .ScalingPolicies?.[0];
    if (!found) return undefined;
    const id = `${place.ServiceNamespace}/${place.ResourceId}/${place.ScalableDimension}/${name}`;
    return {
      state: { ...PLACE.from(found), ...POLICY.from(found) },
      atProvider: { arn: found.PolicyARN, id },
    };
  },

  create: putPolicy,
  update: putPolicy,

  remove: ({ clients, name, spec }) =>
    clients.autoscaling.deleteScalingPolicy({ ...PLACE.to(spec), PolicyName: name }),
};

export const autoscalingKinds = [target, policy];
