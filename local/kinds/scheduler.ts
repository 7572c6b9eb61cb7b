/** Schedules of EventBridge Scheduler. The provider calls one by its group and name. */
import { FlexibleTimeWindowMode } from '@aws-sdk/client-scheduler';
import type { Fields } from '../fields.ts';
import { GROUPS, type Kind, reference } from './kind.ts';
import * as is from './mapping.ts';

/** The group and the name of an external name such as `default/sweep`. */
function keyOf(externalName: string) {
  const [GroupName, Name] = externalName.split('/');
  if (!GroupName || !Name)
    throw new Error(`"${externalName}" is not a group and a name, such as default/sweep`);
  return { GroupName, Name };
}

/** Without a name the provider makes one up, which nothing here could find again. */
const KEY = is.mapping({ GroupName: is.needText('groupName'), Name: is.needText('name') });

const SCHEDULE = is.mapping({
  Description: is.text('description', ''),
  FlexibleTimeWindow: is.block('flexibleTimeWindow', { Mode: is.choice(FlexibleTimeWindowMode, 'mode') }),
  ScheduleExpression: is.needText('scheduleExpression'),
  Target: is.block('target', {
    Arn: is.needText('arn'),
    RoleArn: is.needText('roleArn'),
    RetryPolicy: is.block('retryPolicy', {
      MaximumEventAgeInSeconds: is.number('maximumEventAgeInSeconds'),
      MaximumRetryAttempts: is.number('maximumRetryAttempts'),
    }),
  }),
});

function settingsOf(spec: Fields) {
  const { Description, ...others } = SCHEDULE.to(spec);
  return { ...others, Description: Description || undefined };
}

const schedule: Kind = {
  group: GROUPS.scheduler,
  kind: 'Schedule',
  fields: ['region', ...KEY.fields, ...SCHEDULE.fields],
  references: [reference('target.roleArn', 'iam', 'Role', 'status.arn')],
  namedBy: 'provider',
  immutable: KEY.fields,
  defaults: { description: '', groupName: 'default' },
  absent: ['ResourceNotFoundException'],

  async observe({ clients, name }) {
    const found = await clients.scheduler.getSchedule(keyOf(name));
    return {
      state: { ...KEY.from(found), ...SCHEDULE.from(found) },
      atProvider: { arn: found.Arn, id: name },
    };
  },

  async create({ clients, spec }) {
    const key = KEY.to(spec);
    await clients.scheduler.createSchedule({ ...settingsOf(spec), ...key });
    return `${key.GroupName}/${key.Name}`;
  },

  // What is not given again goes back to its default.
  update: ({ clients, name, spec }) =>
    clients.scheduler.updateSchedule({ ...settingsOf(spec), ...keyOf(name) }),

  remove: ({ clients, name }) => clients.scheduler.deleteSchedule(keyOf(name)),
};

export const schedulerKinds = [schedule];
