/** What Lambda polls for a function: a stream of a table, or a queue. */
import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  type EventSourceMappingConfiguration,
  EventSourcePosition,
  FunctionResponseType,
  GetEventSourceMappingCommand,
  ListTagsCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import {
  blocks,
  choice,
  defined,
  dictionary,
  type Fields,
  flag,
  needText,
  number,
  text,
  texts,
} from '../fields.ts';
import { GROUPS, ifFound, type Kind, type Observation, type Subject, staleTags } from './kind.ts';

const ABSENT = 'ResourceNotFoundException';

function responseTypes(spec: Fields): FunctionResponseType[] {
  return (texts(spec, 'functionResponseTypes') ?? []).map((name) => {
    const known = Object.values(FunctionResponseType).find((type) => type === name);
    if (known === undefined)
      throw new Error(`forProvider.functionResponseTypes has no ${JSON.stringify(name)}`);
    return known;
  });
}

/** All that making and changing one both take. Absent filters and response types must be said, or Lambda keeps them. */
function settingsOf(spec: Fields) {
  const Destination = text(spec, 'destinationConfig.onFailure.destinationArn');
  const MaximumConcurrency = number(spec, 'scalingConfig.maximumConcurrency');
  const Filters = blocks(spec, 'filterCriteria.filter').map((filter) => ({
    Pattern: text(filter, 'pattern'),
  }));
  return {
    FunctionName: needText(spec, 'functionName'),
    BatchSize: number(spec, 'batchSize'),
    BisectBatchOnFunctionError: flag(spec, 'bisectBatchOnFunctionError'),
    ...(Destination ? { DestinationConfig: { OnFailure: { Destination } } } : {}),
    Enabled: flag(spec, 'enabled'),
    FilterCriteria: { Filters },
    FunctionResponseTypes: responseTypes(spec),
    MaximumBatchingWindowInSeconds: number(spec, 'maximumBatchingWindowInSeconds'),
    MaximumRecordAgeInSeconds: number(spec, 'maximumRecordAgeInSeconds'),
    MaximumRetryAttempts: number(spec, 'maximumRetryAttempts'),
    ParallelizationFactor: number(spec, 'parallelizationFactor'),
    ...(MaximumConcurrency === undefined ? {} : { ScalingConfig: { MaximumConcurrency } }),
  };
}

/** Lambda answers the ARN, also where the manifest has the name. */
function functionName(spec: Fields, arn: string | undefined): string | undefined {
  const wanted = text(spec, 'functionName');
  return wanted !== undefined && arn?.endsWith(`:function:${wanted}`) ? wanted : arn;
}

function stateOf(found: EventSourceMappingConfiguration, spec: Fields): Fields {
  const { DestinationConfig, FilterCriteria, ScalingConfig } = found;
  return {
    batchSize: found.BatchSize,
    bisectBatchOnFunctionError: found.BisectBatchOnFunctionError ?? false,
    destinationConfig: { onFailure: defined({ destinationArn: DestinationConfig?.OnFailure?.Destination }) },
    enabled: found.State === 'Enabled' || found.State === 'Enabling',
    eventSourceArn: found.EventSourceArn,
    filterCriteria: { filter: (FilterCriteria?.Filters ?? []).map(({ Pattern }) => ({ pattern: Pattern })) },
    functionName: functionName(spec, found.FunctionArn),
    functionResponseTypes: found.FunctionResponseTypes ?? [],
    maximumBatchingWindowInSeconds: found.MaximumBatchingWindowInSeconds,
    maximumRecordAgeInSeconds: found.MaximumRecordAgeInSeconds,
    maximumRetryAttempts: found.MaximumRetryAttempts,
    parallelizationFactor: found.ParallelizationFactor,
    scalingConfig: defined({ maximumConcurrency: ScalingConfig?.MaximumConcurrency }),
    startingPosition: found.StartingPosition,
  };
}

async function setTags({ clients, spec }: Subject, seen: Observation): Promise<void> {
  const Resource = text(seen.atProvider, 'arn');
  const Tags = dictionary(spec, 'tags');
  const TagKeys = staleTags(seen, Tags);
  if (TagKeys.length > 0) await clients.lambda.send(new UntagResourceCommand({ Resource, TagKeys }));
  if (Object.keys(Tags).length > 0) await clients.lambda.send(new TagResourceCommand({ Resource, Tags }));
}

const eventSourceMapping: Kind = {
  group: GROUPS.lambda,
  kind: 'EventSourceMapping',
  fields: [
    ...['region', 'functionName', 'eventSourceArn', 'enabled', 'startingPosition', 'tags'],
    ...['batchSize', 'maximumBatchingWindowInSeconds', 'maximumRecordAgeInSeconds', 'maximumRetryAttempts'],
    ...['bisectBatchOnFunctionError', 'parallelizationFactor', 'functionResponseTypes'],
    ...['filterCriteria.filter[].pattern', 'destinationConfig.onFailure.destinationArn'],
    'scalingConfig.maximumConcurrency',
  ],
  references: [
    {
      from: 'functionNameRef',
      to: 'functionName',
      group: GROUPS.lambda,
      kind: 'Function',
      take: 'status.arn',
    },
    {
      from: 'destinationConfig.onFailure.destinationArnRef',
      to: 'destinationConfig.onFailure.destinationArn',
      group: GROUPS.sqs,
      kind: 'Queue',
      take: 'status.arn',
    },
  ],
  namedBy: 'provider',
  immutable: ['eventSourceArn', 'startingPosition'],
  defaults: {
    bisectBatchOnFunctionError: false,
    enabled: true,
    filterCriteria: { filter: [] },
    functionResponseTypes: [],
    tags: {},
  },

  async observe({ clients, name, spec }) {
    const command = new GetEventSourceMappingCommand({ UUID: name });
    const found = await ifFound(clients.lambda.send(command), ABSENT);
    if (!found) return undefined;
    const { EventSourceMappingArn: arn, FunctionArn: functionArn, UUID: uuid } = found;
    const { Tags } = await clients.lambda.send(new ListTagsCommand({ Resource: arn }));
    return {
      state: defined({ ...stateOf(found, spec), tags: Tags ?? {} }),
      atProvider: defined({ arn, functionArn, id: uuid, uuid, state: found.State }),
      ready: found.State === 'Enabled' || found.State === 'Disabled',
    };
  },

  async create({ clients, spec }) {
    const { UUID } = await clients.lambda.send(
      new CreateEventSourceMappingCommand({
        ...settingsOf(spec),
        EventSourceArn: needText(spec, 'eventSourceArn'),
        StartingPosition: choice(EventSourcePosition, spec, 'startingPosition'),
        Tags: dictionary(spec, 'tags'),
      }),
    );
    return UUID;
  },

  async update(subject, changed, seen) {
    // While one is still being made or changed Lambda refuses the next change, which waits for a pass.
    if (!seen.ready) return;
    if (changed.has('tags')) await setTags(subject, seen);
    if ([...changed].every((field) => field === 'tags')) return;
    const { clients, name, spec } = subject;
    await clients.lambda.send(new UpdateEventSourceMappingCommand({ UUID: name, ...settingsOf(spec) }));
  },

  async remove({ clients, name }) {
    const command = new DeleteEventSourceMappingCommand({ UUID: name });
    await ifFound(clients.lambda.send(command), ABSENT, 'ResourceInUseException');
  },
};

export const eventSourceKinds = [eventSourceMapping];
