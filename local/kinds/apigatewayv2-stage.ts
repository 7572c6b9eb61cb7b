/** Stages of HTTP APIs: where an API is served, and how it is logged and throttled. */
import {
  CreateStageCommand,
  DeleteStageCommand,
  GetStageCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { block, defined, dictionary, type Fields, flag, needText, number, text } from '../fields.ts';
import { ABSENT, apiOf, apiReference, gatewayArn, setTags, tagsOf } from './apigatewayv2.ts';
import { GROUPS, ifFound, type Kind } from './kind.ts';

function configurationOf(spec: Fields) {
  const settings = block(spec, 'defaultRouteSettings');
  const logs = text(spec, 'accessLogSettings.destinationArn');
  return {
    AutoDeploy: flag(spec, 'autoDeploy'),
    Description: text(spec, 'description'),
    // Empty settings take the logging away.
    AccessLogSettings: logs
      ? { DestinationArn: logs, Format: needText(spec, 'accessLogSettings.format') }
      : undefined,
    ...(settings
      ? {
          DefaultRouteSettings: {
            // The provider says what is off, too.
            DetailedMetricsEnabled: flag(settings, 'detailedMetricsEnabled') ?? false,
            ThrottlingBurstLimit: number(settings, 'throttlingBurstLimit'),
            ThrottlingRateLimit: number(settings, 'throttlingRateLimit'),
          },
        }
      : {}),
  };
}

const stage: Kind = {
  group: GROUPS.apigateway,
  kind: 'Stage',
  fields: [
    ...['region', 'apiId', 'autoDeploy', 'description', 'tags'],
    ...['destinationArn', 'format'].map((field) => `accessLogSettings.${field}`),
    ...['detailedMetricsEnabled', 'throttlingBurstLimit', 'throttlingRateLimit'].map(
      (field) => `defaultRouteSettings.${field}`,
    ),
  ],
  references: [apiReference],
  namedBy: 'manifest',
  immutable: ['apiId'],
  defaults: { autoDeploy: false, description: '', accessLogSettings: { destinationArn: '' }, tags: {} },

  async observe({ clients, accountId, name, spec, applied }) {
    const ApiId = apiOf({ applied, spec });
    const command = new GetStageCommand({ ApiId, StageName: name });
    const found = await ifFound(clients.apigateway.send(command), ABSENT);
    if (!found) return undefined;
    const { AccessLogSettings: logs, DefaultRouteSettings: settings } = found;
    const arn = gatewayArn(clients, 'apis', ApiId, 'stages', name);
    return {
      state: {
        apiId: ApiId,
        autoDeploy: found.AutoDeploy ?? false,
        description: found.Description ?? '',
        accessLogSettings: { destinationArn: logs?.DestinationArn ?? '', format: logs?.Format ?? '' },
        defaultRouteSettings: {
          detailedMetricsEnabled: settings?.DetailedMetricsEnabled ?? false,
          throttlingBurstLimit: settings?.ThrottlingBurstLimit ?? 0,
          throttlingRateLimit: settings?.ThrottlingRateLimit ?? 0,
        },
        tags: await tagsOf(clients, arn),
      },
      atProvider: defined({
        arn,
        executionArn: `arn:aws:execute-api:${clients.region}:${accountId}:${ApiId}/${name}`,
        id: name,
        deploymentId: found.DeploymentId,
      }),
      ready: true,
    };
  },

  async create({ clients, name, spec }) {
    await clients.apigateway.send(
      new CreateStageCommand({
        ...configurationOf(spec),
        ApiId: needText(spec, 'apiId'),
        StageName: name,
        Tags: dictionary(spec, 'tags'),
      }),
    );
    return undefined;
  },

  async update(subject, changed, seen) {
    const { clients, name, spec } = subject;
    const ApiId = needText(spec, 'apiId');
    if (changed.has('tags')) {
      await setTags(subject, gatewayArn(clients, 'apis', ApiId, 'stages', name), seen);
    }
    if ([...changed].every((field) => field === 'tags')) return;
    const { AccessLogSettings = {}, ...others } = configurationOf(spec);
    await clients.apigateway.send(
      new UpdateStageCommand({ ApiId, StageName: name, AccessLogSettings, ...others }),
    );
  },

  async remove({ clients, name, spec }) {
    const ApiId = needText(spec, 'apiId');
    await ifFound(clients.apigateway.send(new DeleteStageCommand({ ApiId, StageName: name })), ABSENT);
  },
};

export const stageKinds = [stage];
