/** Schedules of EventBridge Scheduler. The provider calls one by its group and name. */
import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  FlexibleTimeWindowMode,
  GetScheduleCommand,
  ScheduleState,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { block, choice, defined, type Fields, needText, number, text } from '../fields.ts';
import { GROUPS, ifFound, type Kind } from './kind.ts';

const ABSENT = 'ResourceNotFoundException';

/** The group and the name of an external name such as `default/sweep`. */
function keyOf(externalName: string) {
  const [GroupName, Name] = externalName.split('/');
  if (!GroupName || !Name)
    throw new Error(`"${externalName}" is not a group and a name, such as default/sweep`);
  return { GroupName, Name };
}

function targetOf(spec: Fields) {
  const deadLetters = text(spec, 'target.deadLetterConfig.arn');
  const retry = block(spec, 'target.retryPolicy');
  return {
    Arn: needText(spec, 'target.arn'),
    RoleArn: needText(spec, 'target.roleArn'),
    Input: text(spec, 'target.input'),
    ...(deadLetters ? { DeadLetterConfig: { Arn: deadLetters } } : {}),
    ...(retry
      ? {
          RetryPolicy: {
            MaximumEventAgeInSeconds: number(retry, 'maximumEventAgeInSeconds'),
            MaximumRetryAttempts: number(retry, 'maximumRetryAttempts'),
          },
        }
      : {}),
  };
}

function configurationOf(spec: Fields) {
  return {
    Description: text(spec, 'description') || undefined,
    FlexibleTimeWindow: {
      Mode: choice(FlexibleTimeWindowMode, spec, 'flexibleTimeWindow.mode'),
      MaximumWindowInMinutes: number(spec, 'flexibleTimeWindow.maximumWindowInMinutes'),
    },
    ScheduleExpression: needText(spec, 'scheduleExpression'),
    ScheduleExpressionTimezone: text(spec, 'scheduleExpressionTimezone'),
    State: choice(ScheduleState, spec, 'state'),
    Target: targetOf(spec),
  };
}

const schedule: Kind = {
  group: GROUPS.scheduler,
  kind: 'Schedule',
  fields: [
    ...['region', 'name', 'groupName', 'description', 'scheduleExpression', 'scheduleExpressionTimezone'],
    ...['state', 'flexibleTimeWindow.mode', 'flexibleTimeWindow.maximumWindowInMinutes'],
    ...['target.arn', 'target.roleArn', 'target.input', 'target.deadLetterConfig.arn'],
    ...['target.retryPolicy.maximumEventAgeInSeconds', 'target.retryPolicy.maximumRetryAttempts'],
  ],
  references: [
    { from: 'target.arnRef', to: 'target.arn', group: GROUPS.sqs, kind: 'Queue', take: 'status.arn' },
    { from: 'target.roleArnRef', to: 'target.roleArn', group: GROUPS.iam, kind: 'Role', take: 'status.arn' },
  ],
  namedBy: 'provider',
  immutable: ['name', 'groupName'],
  defaults: { description: '', groupName: 'default', scheduleExpressionTimezone: 'UTC', state: 'ENABLED' },

  async observe({ clients, name }) {
    const found = await ifFound(clients.scheduler.send(new GetScheduleCommand(keyOf(name))), ABSENT);
    if (!found) return undefined;
    const { FlexibleTimeWindow: window, Target: target } = found;
    return {
      state: {
        name: found.Name,
        groupName: found.GroupName,
        description: found.Description ?? '',
        flexibleTimeWindow: defined({
          mode: window?.Mode,
          maximumWindowInMinutes: window?.MaximumWindowInMinutes,
        }),
        scheduleExpression: found.ScheduleExpression,
        scheduleExpressionTimezone: found.ScheduleExpressionTimezone,
        state: found.State,
        target: defined({
          arn: target?.Arn,
          roleArn: target?.RoleArn,
          input: target?.Input,
          deadLetterConfig: target?.DeadLetterConfig && { arn: target.DeadLetterConfig.Arn },
          retryPolicy: target?.RetryPolicy && {
            maximumEventAgeInSeconds: target.RetryPolicy.MaximumEventAgeInSeconds,
            maximumRetryAttempts: target.RetryPolicy.MaximumRetryAttempts,
          },
        }),
      },
      atProvider: defined({ arn: found.Arn, id: name }),
      ready: true,
    };
  },

  async create({ clients, spec }) {
    const GroupName = needText(spec, 'groupName');
    // Without a name the provider makes one up, which nothing here could find again.
    const Name = needText(spec, 'name');
    await clients.scheduler.send(new CreateScheduleCommand({ ...configurationOf(spec), GroupName, Name }));
    return `${GroupName}/${Name}`;
  },

  async update({ clients, name, spec }) {
    // What is not given again goes back to its default.
    await clients.scheduler.send(new UpdateScheduleCommand({ ...configurationOf(spec), ...keyOf(name) }));
  },

  async remove({ clients, name }) {
    await ifFound(clients.scheduler.send(new DeleteScheduleCommand(keyOf(name))), ABSENT);
  },
};

export const schedulerKinds = [schedule];
