/** Rules of EventBridge and their targets. The provider calls a target by its bus, its rule and its id. */
import {
  DeleteRuleCommand,
  DescribeRuleCommand,
  type EventBridgeClient,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-eventbridge';
import { defined, dictionary, needText, text } from '../fields.ts';
import { GROUPS, ifFound, type Kind, type Subject, staleTags, tagList, tagMap } from './kind.ts';

const ABSENT = 'ResourceNotFoundException';

const busOf = ({ spec }: Pick<Subject, 'spec'>) => needText(spec, 'eventBusName');

function putRule({ clients, name, spec }: Subject, Tags?: { Key: string; Value: string }[]) {
  return clients.events.send(
    new PutRuleCommand({
      Name: name,
      EventBusName: busOf({ spec }),
      Description: text(spec, 'description'),
      EventPattern: needText(spec, 'eventPattern'),
      ...(Tags && { Tags }),
    }),
  );
}

const rule: Kind = {
  group: GROUPS.events,
  kind: 'Rule',
  fields: ['region', 'description', 'eventBusName', 'eventPattern', 'tags'],
  namedBy: 'manifest',
  immutable: ['eventBusName'],
  documents: { eventPattern: 'json' },
  defaults: { description: '', tags: {} },

  async observe({ clients, name, spec }) {
    const EventBusName = text(spec, 'eventBusName') ?? 'default';
    const found = await ifFound(
      clients.events.send(new DescribeRuleCommand({ Name: name, EventBusName })),
      ABSENT,
    );
    if (!found) return undefined;
    const { Tags } = await clients.events.send(new ListTagsForResourceCommand({ ResourceARN: found.Arn }));
    return {
      state: defined({
        description: found.Description ?? '',
        eventBusName: found.EventBusName,
        eventPattern: found.EventPattern,
        tags: tagMap(Tags),
      }),
      atProvider: defined({ arn: found.Arn, id: `${found.EventBusName}/${name}` }),
      ready: true,
    };
  },

  async create(subject) {
    await putRule(subject, tagList(dictionary(subject.spec, 'tags')));
    return undefined;
  },

  async update(subject, changed, seen) {
    const { clients, spec } = subject;
    if (changed.has('tags')) {
      const ResourceARN = text(seen.atProvider, 'arn');
      const tags = dictionary(spec, 'tags');
      const TagKeys = staleTags(seen, tags);
      if (TagKeys.length > 0) await clients.events.send(new UntagResourceCommand({ ResourceARN, TagKeys }));
      await clients.events.send(new TagResourceCommand({ ResourceARN, Tags: tagList(tags) }));
    }
    if ([...changed].some((field) => field !== 'tags')) await putRule(subject);
  },

  async remove({ clients, name, spec }) {
    await ifFound(
      clients.events.send(new DeleteRuleCommand({ Name: name, EventBusName: busOf({ spec }) })),
      ABSENT,
    );
  },
};

async function targetOf(events: EventBridgeClient, EventBusName: string, Rule: string, id: string) {
  const found = await ifFound(events.send(new ListTargetsByRuleCommand({ EventBusName, Rule })), ABSENT);
  return found?.Targets?.find(({ Id }) => Id === id);
}

async function putTarget({ clients, spec }: Subject): Promise<string> {
  const [bus, ruleName, id] = [busOf({ spec }), needText(spec, 'rule'), needText(spec, 'targetId')];
  const { FailedEntries = [] } = await clients.events.send(
    new PutTargetsCommand({
      EventBusName: bus,
      Rule: ruleName,
      Targets: [{ Id: id, Arn: needText(spec, 'arn') }],
    }),
  );
  const [failed] = FailedEntries;
  if (failed)
    throw new Error(`target ${id} of rule ${ruleName}: ${failed.ErrorCode}: ${failed.ErrorMessage}`);
  return `${bus}/${ruleName}/${id}`;
}

/** The bus, the rule and the id of an external name such as `default/uploads/ingest`. */
function placeOf(externalName: string) {
  const [bus, ruleName, id] = externalName.split('/');
  if (!bus || !ruleName || !id)
    throw new Error(`"${externalName}" is not a bus, a rule and an id, such as default/uploads/ingest`);
  return { bus, ruleName, id };
}

const target: Kind = {
  group: GROUPS.events,
  kind: 'Target',
  fields: ['region', 'arn', 'eventBusName', 'rule', 'targetId'],
  references: [{ from: 'ruleRef', to: 'rule', group: GROUPS.events, kind: 'Rule', take: 'externalName' }],
  namedBy: 'provider',
  immutable: ['eventBusName', 'rule', 'targetId'],

  async observe({ clients, name }) {
    const { bus, ruleName, id } = placeOf(name);
    const found = await targetOf(clients.events, bus, ruleName, id);
    if (!found) return undefined;
    return {
      state: { arn: found.Arn, eventBusName: bus, rule: ruleName, targetId: id },
      atProvider: { id: name },
      ready: true,
    };
  },

  create: putTarget,

  async update(subject) {
    await putTarget(subject);
  },

  async remove({ clients, name }) {
    const { bus, ruleName, id } = placeOf(name);
    const command = new RemoveTargetsCommand({ EventBusName: bus, Rule: ruleName, Ids: [id] });
    await ifFound(clients.events.send(command), ABSENT);
  },
};

export const eventKinds = [rule, target];
