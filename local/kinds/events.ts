/** Rules of EventBridge and their targets. The provider calls a target by its bus, its rule and its id. */
import type { Tag } from '@aws-sdk/client-eventbridge';
import { dictionary, needText, text } from '../fields.ts';
import { GROUPS, type Kind, reference, type Subject, tagList, tagMap } from './kind.ts';
import * as is from './mapping.ts';

const absent = ['ResourceNotFoundException'];

const RULE = is.mapping({
  EventBusName: is.needText('eventBusName'),
  Description: is.text('description', ''),
  EventPattern: is.needText('eventPattern'),
});

const putRule = ({ clients, name, spec }: Subject, Tags?: Tag[]) =>
  clients.events.putRule({ Name: name, ...RULE.to(spec), ...(Tags && { Tags }) });

const rule: Kind = {
  group: GROUPS.events,
  kind: 'Rule',
  fields: ['region', 'tags', ...RULE.fields],
  namedBy: 'manifest',
  immutable: ['eventBusName'],
  documents: { eventPattern: 'json' },
  defaults: { description: '', tags: {} },
  absent,

  async observe({ clients, name, spec }) {
    const EventBusName = text(spec, 'eventBusName') ?? 'default';
    const found = await clients.events.describeRule({ Name: name, EventBusName });
    const { Tags } = await clients.events.listTagsForResource({ ResourceARN: found.Arn });
    return {
      state: { ...RULE.from(found), tags: tagMap(Tags) },
      atProvider: { arn: found.Arn, id: `${found.EventBusName}/${name}` },
    };
  },

  create: (subject) => putRule(subject, tagList(dictionary(subject.spec, 'tags'))),

  tags: {
    put: ({ clients }, tags, ResourceARN) => clients.events.tagResource({ ResourceARN, Tags: tagList(tags) }),
    take: ({ clients }, TagKeys, ResourceARN) => clients.events.untagResource({ ResourceARN, TagKeys }),
  },

  update: (subject) => putRule(subject),

  remove: ({ clients, name, spec }) =>
    clients.events.deleteRule({ Name: name, EventBusName: needText(spec, 'eventBusName') }),
};

async function putTarget({ clients, spec }: Subject): Promise<string> {
  const [bus, ruleName, id] = ['eventBusName', 'rule', 'targetId'].map((field) => needText(spec, field));
  const { FailedEntries = [] } = await clients.events.putTargets({
    EventBusName: bus,
    Rule: ruleName,
    Targets: [{ Id: id, Arn: needText(spec, 'arn') }],
  });
  const [failed] = FailedEntries;
  if (failed)
    throw new Error(`target ${id} of rule ${ruleName}: ${failed.ErrorCode}: ${failed.ErrorMessage}`);
  return `${bus}/${ruleName}/${id}`;
}

/** The bus, the rule and the id of an external name such as `default/uploads/ingest`. */
function placeOf(externalName: string) {
  const [EventBusName, Rule, id] = externalName.split('/');
  if (!EventBusName || !Rule || !id)
    throw new Error(`"${externalName}" is not a bus, a rule and an id, such as default/uploads/ingest`);
  return { place: { EventBusName, Rule }, id };
}

const target: Kind = {
  group: GROUPS.events,
  kind: 'Target',
  fields: ['region', 'arn', 'eventBusName', 'rule', 'targetId'],
  references: [reference('rule', 'events', 'Rule', 'externalName')],
  namedBy: 'provider',
  immutable: ['eventBusName', 'rule', 'targetId'],
  absent,

  async observe({ clients, name }) {
    const { place, id } = placeOf(name);
    const { Targets } = await clients.events.listTargetsByRule(place);
    const found = Targets?.find(({ Id }) => Id === id);
    if (!found) return undefined;
    return {
      state: { arn: found.Arn, eventBusName: place.EventBusName, rule: place.Rule, targetId: id },
      atProvider: { id: name },
    };
  },

  create: putTarget,
  update: putTarget,

  remove({ clients, name }) {
    const { place, id } = placeOf(name);
    return clients.events.removeTargets({ ...place, Ids: [id] });
  },
};

export const eventKinds = [rule, target];
