/** What an HTTP API does with a request: its routes, and the functions behind them. */
import {
  AuthorizationType,
  CreateIntegrationCommand,
  CreateRouteCommand,
  DeleteIntegrationCommand,
  DeleteRouteCommand,
  GetIntegrationCommand,
  GetRouteCommand,
  IntegrationType,
  UpdateIntegrationCommand,
  UpdateRouteCommand,
} from '@aws-sdk/client-apigatewayv2';
import { choice, type Fields, needText, number, text, texts } from '../fields.ts';
import { ABSENT, apiOf, apiReference } from './apigatewayv2.ts';
import { GROUPS, ifFound, type Kind } from './kind.ts';

const group = GROUPS.apigateway;

function integrationOf(spec: Fields) {
  return {
    ApiId: needText(spec, 'apiId'),
    IntegrationType: choice(IntegrationType, spec, 'integrationType'),
    IntegrationUri: text(spec, 'integrationUri'),
    Description: text(spec, 'description'),
    PayloadFormatVersion: text(spec, 'payloadFormatVersion'),
    TimeoutInMillis: number(spec, 'timeoutMilliseconds'),
  };
}

const integration: Kind = {
  group,
  kind: 'Integration',
  fields: [
    ...['region', 'apiId', 'integrationType', 'integrationUri', 'description', 'payloadFormatVersion'],
    'timeoutMilliseconds',
  ],
  references: [
    apiReference,
    {
      from: 'integrationUriRef',
      to: 'integrationUri',
      group: GROUPS.lambda,
      kind: 'Function',
      take: 'status.invokeArn',
    },
  ],
  namedBy: 'provider',
  immutable: ['apiId', 'integrationType'],
  defaults: { description: '', payloadFormatVersion: '1.0' },

  async observe(subject) {
    const ApiId = apiOf(subject);
    const command = new GetIntegrationCommand({ ApiId, IntegrationId: subject.name });
    const found = await ifFound(subject.clients.apigateway.send(command), ABSENT);
    if (!found) return undefined;
    return {
      state: {
        apiId: ApiId,
        integrationType: found.IntegrationType,
        integrationUri: found.IntegrationUri,
        description: found.Description ?? '',
        payloadFormatVersion: found.PayloadFormatVersion,
        timeoutMilliseconds: found.TimeoutInMillis,
      },
      atProvider: { id: subject.name },
      ready: true,
    };
  },

  async create({ clients, spec }) {
    const made = await clients.apigateway.send(new CreateIntegrationCommand(integrationOf(spec)));
    return made.IntegrationId;
  },

  async update({ clients, name, spec }) {
    const command = new UpdateIntegrationCommand({ ...integrationOf(spec), IntegrationId: name });
    await clients.apigateway.send(command);
  },

  async remove({ clients, name, spec }) {
    const command = new DeleteIntegrationCommand({ ApiId: needText(spec, 'apiId'), IntegrationId: name });
    await ifFound(clients.apigateway.send(command), ABSENT);
  },
};

function routeOf(spec: Fields) {
  return {
    ApiId: needText(spec, 'apiId'),
    RouteKey: needText(spec, 'routeKey'),
    Target: text(spec, 'target'),
    AuthorizationType: choice(AuthorizationType, spec, 'authorizationType'),
    AuthorizationScopes: texts(spec, 'authorizationScopes'),
    AuthorizerId: text(spec, 'authorizerId'),
    OperationName: text(spec, 'operationName'),
  };
}

const route: Kind = {
  group,
  kind: 'Route',
  fields: [
    ...['region', 'apiId', 'routeKey', 'target', 'operationName'],
    ...['authorizationType', 'authorizationScopes', 'authorizerId'],
  ],
  references: [
    apiReference,
    { from: 'authorizerIdRef', to: 'authorizerId', group, kind: 'Authorizer', take: 'externalName' },
    {
      from: 'targetRef',
      to: 'target',
      group,
      kind: 'Integration',
      take: 'externalName',
      prefix: 'integrations/',
    },
  ],
  namedBy: 'provider',
  immutable: ['apiId'],
  defaults: { authorizationType: 'NONE', authorizationScopes: [], authorizerId: '', operationName: '' },

  async observe(subject) {
    const ApiId = apiOf(subject);
    const command = new GetRouteCommand({ ApiId, RouteId: subject.name });
    const found = await ifFound(subject.clients.apigateway.send(command), ABSENT);
    if (!found) return undefined;
    return {
      state: {
        apiId: ApiId,
        routeKey: found.RouteKey,
        target: found.Target,
        authorizationType: found.AuthorizationType,
        authorizationScopes: found.AuthorizationScopes ?? [],
        authorizerId: found.AuthorizerId ?? '',
        operationName: found.OperationName ?? '',
      },
      atProvider: { id: subject.name },
      ready: true,
    };
  },

  async create({ clients, spec }) {
    const { AuthorizerId, OperationName, AuthorizationScopes = [], ...others } = routeOf(spec);
    const made = await clients.apigateway.send(
      new CreateRouteCommand({
        ...others,
        AuthorizationScopes: AuthorizationScopes.length > 0 ? AuthorizationScopes : undefined,
        AuthorizerId: AuthorizerId || undefined,
        OperationName: OperationName || undefined,
      }),
    );
    return made.RouteId;
  },

  async update({ clients, name, spec }) {
    await clients.apigateway.send(new UpdateRouteCommand({ ...routeOf(spec), RouteId: name }));
  },

  async remove({ clients, name, spec }) {
    const command = new DeleteRouteCommand({ ApiId: needText(spec, 'apiId'), RouteId: name });
    await ifFound(clients.apigateway.send(command), ABSENT);
  },
};

export const routeKinds = [integration, route];
