/** Application Auto Scaling: what may scale between which bounds, and by which target. */
import {
  DeleteScalingPolicyCommand,
  DeregisterScalableTargetCommand,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  ListTagsForResourceCommand,
  MetricType,
  PolicyType,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
  ScalableDimension,
  ServiceNamespace,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { choice, defined, dictionary, type Fields, flag, needText, number, text } from '../fields.ts';
import { GROUPS, ifFound, type Kind, type Subject, staleTags } from './kind.ts';

const ABSENT = 'ObjectNotFoundException';

function where(spec: Fields) {
  return {
    ResourceId: needText(spec, 'resourceId'),
    ScalableDimension: choice(ScalableDimension, spec, 'scalableDimension'),
    ServiceNamespace: choice(ServiceNamespace, spec, 'serviceNamespace'),
  };
}

async function register({ clients, spec }: Subject, Tags?: Record<string, string>): Promise<string> {
  const place = where(spec);
  await clients.autoscaling.send(
    new RegisterScalableTargetCommand({
      ...place,
      MinCapacity: number(spec, 'minCapacity'),
      MaxCapacity: number(spec, 'maxCapacity'),
      RoleARN: text(spec, 'roleArn'),
      ...(Tags && Object.keys(Tags).length > 0 ? { Tags } : {}),
    }),
  );
  return place.ResourceId;
}

const target: Kind = {
  group: GROUPS.autoscaling,
  kind: 'Target',
  fields: [
    'region',
    'minCapacity',
    'maxCapacity',
    'resourceId',
    'roleArn',
    'scalableDimension',
    'serviceNamespace',
    'tags',
  ],
  references: [{ from: 'roleArnRef', to: 'roleArn', group: GROUPS.iam, kind: 'Role', take: 'status.arn' }],
  namedBy: 'provider',
  immutable: ['resourceId', 'scalableDimension', 'serviceNamespace'],
  defaults: { tags: {} },

  async observe({ clients, spec, applied }) {
    const { ResourceId, ...place } = where({ ...spec, ...applied });
    const command = new DescribeScalableTargetsCommand({ ...place, ResourceIds: [ResourceId] });
    const found = (await clients.autoscaling.send(command)).ScalableTargets?.[0];
    if (!found) return undefined;
    const ResourceARN = found.ScalableTargetARN;
    const tags = ResourceARN
      ? (await clients.autoscaling.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags
      : undefined;
    return {
      state: defined({
        minCapacity: found.MinCapacity,
        maxCapacity: found.MaxCapacity,
        resourceId: found.ResourceId,
        roleArn: found.RoleARN,
        scalableDimension: found.ScalableDimension,
        serviceNamespace: found.ServiceNamespace,
        tags: tags ?? {},
      }),
      atProvider: defined({ arn: ResourceARN, id: found.ResourceId }),
      ready: true,
    };
  },

  create: (subject) => register(subject, dictionary(subject.spec, 'tags')),

  async update(subject, changed, seen) {
    const { autoscaling } = subject.clients;
    if (changed.has('tags')) {
      const Tags = dictionary(subject.spec, 'tags');
      const ResourceARN = text(seen.atProvider, 'arn');
      const TagKeys = staleTags(seen, Tags);
      if (TagKeys.length > 0) await autoscaling.send(new UntagResourceCommand({ ResourceARN, TagKeys }));
      if (Object.keys(Tags).length > 0) await autoscaling.send(new TagResourceCommand({ ResourceARN, Tags }));
    }
    if ([...changed].some((field) => field !== 'tags')) await register(subject);
  },

  async remove({ clients, spec }) {
    await ifFound(clients.autoscaling.send(new DeregisterScalableTargetCommand(where(spec))), ABSENT);
  },
};

const TRACKING = 'targetTrackingScalingPolicyConfiguration';

async function putPolicy({ clients, name, spec }: Subject): Promise<undefined> {
  await clients.autoscaling.send(
    new PutScalingPolicyCommand({
      ...where(spec),
      PolicyName: name,
      PolicyType: choice(PolicyType, spec, 'policyType'),
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: number(spec, `${TRACKING}.targetValue`),
        DisableScaleIn: flag(spec, `${TRACKING}.disableScaleIn`),
        ScaleInCooldown: number(spec, `${TRACKING}.scaleInCooldown`),
        ScaleOutCooldown: number(spec, `${TRACKING}.scaleOutCooldown`),
        PredefinedMetricSpecification: {
          PredefinedMetricType: choice(
            MetricType,
            spec,
            `${TRACKING}.predefinedMetricSpecification.predefinedMetricType`,
          ),
          ResourceLabel: text(spec, `${TRACKING}.predefinedMetricSpecification.resourceLabel`),
        },
      },
    }),
  );
}

function fromTarget(field: 'resourceId' | 'scalableDimension' | 'serviceNamespace') {
  const other = { group: GROUPS.autoscaling, kind: 'Target', take: `spec.${field}` } as const;
  return { from: `${field}Ref`, to: field, ...other };
}

const policy: Kind = {
  group: GROUPS.autoscaling,
  kind: 'Policy',
  fields: [
    ...['region', 'policyType', 'resourceId', 'scalableDimension', 'serviceNamespace'],
    ...['targetValue', 'disableScaleIn', 'scaleInCooldown', 'scaleOutCooldown'].map(
      (field) => `${TRACKING}.${field}`,
    ),
    ...['predefinedMetricType', 'resourceLabel'].map(
      (field) => `${TRACKING}.predefinedMetricSpecification.${field}`,
    ),
  ],
  references: [fromTarget('resourceId'), fromTarget('scalableDimension'), fromTarget('serviceNamespace')],
  namedBy: 'manifest',
  immutable: ['resourceId', 'scalableDimension', 'serviceNamespace', 'policyType'],

  async observe({ clients, name, spec, applied }) {
    const place = where({ ...spec, ...applied });
    const command = new DescribeScalingPoliciesCommand({ ...place, PolicyNames: [name] });
    const found = (await clients.autoscaling.send(command)).ScalingPolicies?.[0];
    if (!found) return undefined;
    const tracking = found.TargetTrackingScalingPolicyConfiguration;
    return {
      state: defined({
        policyType: found.PolicyType,
        resourceId: found.ResourceId,
        scalableDimension: found.ScalableDimension,
        serviceNamespace: found.ServiceNamespace,
        [TRACKING]: tracking && {
          targetValue: tracking.TargetValue,
          disableScaleIn: tracking.DisableScaleIn ?? false,
          scaleInCooldown: tracking.ScaleInCooldown,
          scaleOutCooldown: tracking.ScaleOutCooldown,
          predefinedMetricSpecification: {
            predefinedMetricType: tracking.PredefinedMetricSpecification?.PredefinedMetricType,
            resourceLabel: tracking.PredefinedMetricSpecification?.ResourceLabel,
          },
        },
      }),
      atProvider: {
        arn: found.PolicyARN,
        id: `${place.ServiceNamespace}/${place.ResourceId}/${place.ScalableDimension}/${name}`,
        alarmArns: (found.Alarms ?? []).map(({ AlarmARN }) => AlarmARN),
      },
      ready: true,
    };
  },

  create: putPolicy,
  update: putPolicy,

  async remove({ clients, name, spec }) {
    const command = new DeleteScalingPolicyCommand({ ...where(spec), PolicyName: name });
    await ifFound(clients.autoscaling.send(command), ABSENT);
  },
};

export const autoscalingKinds = [target, policy];
