/** HTTP APIs of API Gateway: who may call one, what it does with a request, and where it is served. */
import {
  AuthorizationType,
  AuthorizerType,
  IntegrationType,
  ProtocolType,
} from '@aws-sdk/client-apigatewayv2';
import type { Clients } from '../aws.ts';
import { dictionary, type Fields, needText, text } from '../fields.ts';
import { GROUPS, type Kind, type Reference, reference, type Subject, type Tagging } from './kind.ts';
import * as is from './mapping.ts';

const absent = ['NotFoundException'];

/** API Gateway's ARNs have no account: `arn:aws:apigateway:<region>::/apis/<id>`, then the path of a part. */
export function gatewayArn({ region }: Clients, ...path: string[]): string {
  return `arn:aws:apigateway:${region}::/${path.join('/')}`;
}

/** The tags of an API or a stage. The emulator's other answers keep those of the creation. */
async function tagsOf({ apigateway }: Clients, ResourceArn: string): Promise<Fields> {
  const { Tags } = await apigateway.getTags({ ResourceArn });
  return Tags ?? {};
}

const tags: Tagging = {
  put: ({ clients }, Tags, ResourceArn) => clients.apigateway.tagResource({ ResourceArn, Tags }),
  take: ({ clients }, TagKeys, ResourceArn) => clients.apigateway.untagResource({ ResourceArn, TagKeys }),
};

const PROTOCOL = is.mapping({ ProtocolType: is.choice(ProtocolType, 'protocolType') });
const API = is.mapping({
  Name: is.needText('name'),
  Description: is.text('description', ''),
  CorsConfiguration: is.block('corsConfiguration', {
    AllowHeaders: is.texts('allowHeaders', []),
    AllowMethods: is.texts('allowMethods', []),
    AllowOrigins: is.texts('allowOrigins', []),
    MaxAge: is.number('maxAge', 0),
  }),
});

function configurationOf(spec: Fields) {
  const { CorsConfiguration: cors, ...others } = API.to(spec);
  if (!cors?.AllowOrigins?.length) return others;
  // The provider says what is off, too.
  return { ...others, CorsConfiguration: { ...cors, AllowCredentials: false, ExposeHeaders: [] } };
}

const api: Kind = {
  group: GROUPS.apigateway,
  kind: 'API',
  fields: ['region', 'tags', ...API.fields, ...PROTOCOL.fields],
  namedBy: 'provider',
  immutable: ['protocolType'],
  defaults: { description: '', corsConfiguration: { allowOrigins: [] }, tags: {} },
  absent,
  tags,

  async observe({ clients, accountId, name }) {
    const found = await clients.apigateway.getApi({ ApiId: name });
    const { CorsConfiguration = {} } = found;
    const arn = gatewayArn(clients, 'apis', name);
    const executionArn = `arn:aws:execute-api:${clients.region}:${accountId}:${name}`;
    return {
      state: {
        ...API.from({ ...found, CorsConfiguration }),
        ...PROTOCOL.from(found),
        tags: await tagsOf(clients, arn),
      },
      atProvider: { apiEndpoint: found.ApiEndpoint, arn, executionArn, id: name },
    };
  },

  async create({ clients, spec }) {
    const settings = { ...configurationOf(spec), ...PROTOCOL.to(spec), Tags: dictionary(spec, 'tags') };
    return (await clients.apigateway.createApi(settings)).ApiId;
  },

  async update({ clients, name, spec }, changed) {
    const configuration = configurationOf(spec);
    // UpdateApi replaces the CORS settings, and only their own call takes them away.
    if (changed.has('corsConfiguration') && !('CorsConfiguration' in configuration)) {
      await clients.apigateway.deleteCorsConfiguration({ ApiId: name });
    }
    await clients.apigateway.updateApi({ ApiId: name, ...configuration });
  },

  remove: ({ clients, name }) => clients.apigateway.deleteApi({ ApiId: name }),
};

/** The API of a part: of one that was made, the one that it was made for. */
function apiOf({ applied, spec }: Pick<Subject, 'applied' | 'spec'>): string {
  return text(applied, 'apiId') ?? needText(spec, 'apiId');
}

interface Part {
  kind: string;
  fields: readonly string[];
  references?: readonly Reference[];
  immutable?: readonly string[];
  defaults?: Fields;
  get(clients: Clients, ApiId: string, id: string): Promise<Fields>;
  create(subject: Subject): Promise<string | undefined>;
  update(subject: Subject): Promise<unknown>;
  remove(clients: Clients, ApiId: string, id: string): Promise<unknown>;
}

/** A part of an API that AWS names, by an id that is unique in the API. */
function part({ fields, references = [], immutable = [], get, remove, ...others }: Part): Kind {
  return {
    group: GROUPS.apigateway,
    fields: ['region', 'apiId', ...fields],
    references: [reference('apiId', 'apigateway', 'API', 'externalName'), ...references],
    namedBy: 'provider',
    immutable: ['apiId', ...immutable],
    absent,
    async observe(subject) {
      const apiId = apiOf(subject);
      const state = await get(subject.clients, apiId, subject.name);
      return { state: { ...state, apiId }, atProvider: { id: subject.name } };
    },
    remove: ({ clients, name, spec }) => remove(clients, needText(spec, 'apiId'), name),
    ...others,
  };
}

const PLACE = is.mapping({ ApiId: is.needText('apiId') });

const AUTHORIZER = is.mapping({
  Name: is.needText('name'),
  AuthorizerType: is.choice(AuthorizerType, 'authorizerType'),
  IdentitySource: is.texts('identitySources', []),
  JwtConfiguration: is.block('jwtConfiguration', {
    Audience: is.texts('audience', []),
    Issuer: is.text('issuer'),
  }),
});

const authorizer = part({
  kind: 'Authorizer',
  fields: AUTHORIZER.fields,
  get: async ({ apigateway }, ApiId, AuthorizerId) =>
    AUTHORIZER.from(await apigateway.getAuthorizer({ ApiId, AuthorizerId })),
  async create({ clients, spec }) {
    return (await clients.apigateway.createAuthorizer({ ...PLACE.to(spec), ...AUTHORIZER.to(spec) }))
      .AuthorizerId;
  },
  update: ({ clients, name, spec }) =>
    clients.apigateway.updateAuthorizer({ ...PLACE.to(spec), ...AUTHORIZER.to(spec), AuthorizerId: name }),
  remove: ({ apigateway }, ApiId, AuthorizerId) => apigateway.deleteAuthorizer({ ApiId, AuthorizerId }),
});

const INTEGRATION = is.mapping({
  IntegrationType: is.choice(IntegrationType, 'integrationType'),
  IntegrationUri: is.text('integrationUri'),
  PayloadFormatVersion: is.text('payloadFormatVersion'),
  TimeoutInMillis: is.number('timeoutMilliseconds'),
});

const integration = part({
  kind: 'Integration',
  fields: INTEGRATION.fields,
  references: [reference('integrationUri', 'lambda', 'Function', 'status.invokeArn')],
  immutable: ['integrationType'],
  defaults: { payloadFormatVersion: '1.0' },
  get: async ({ apigateway }, ApiId, IntegrationId) =>
    INTEGRATION.from(await apigateway.getIntegration({ ApiId, IntegrationId })),
  async create({ clients, spec }) {
    return (await clients.apigateway.createIntegration({ ...PLACE.to(spec), ...INTEGRATION.to(spec) }))
      .IntegrationId;
  },
  update: ({ clients, name, spec }) =>
    clients.apigateway.updateIntegration({ ...PLACE.to(spec), ...INTEGRATION.to(spec), IntegrationId: name }),
  remove: ({ apigateway }, ApiId, IntegrationId) => apigateway.deleteIntegration({ ApiId, IntegrationId }),
});

const ROUTE = is.mapping({
  RouteKey: is.needText('routeKey'),
  Target: is.text('target'),
  AuthorizationType: is.choice(AuthorizationType, 'authorizationType'),
  AuthorizerId: is.text('authorizerId', ''),
});

const route = part({
  kind: 'Route',
  fields: ROUTE.fields,
  references: [
    reference('target', 'apigateway', 'Integration', 'externalName', 'integrations/'),
    // Nothing emits it any more; tests show what it did when it came or went.
    reference('authorizerId', 'apigateway', 'Authorizer', 'externalName'),
  ],
  defaults: { authorizationType: 'NONE', authorizerId: '' },
  get: async ({ apigateway }, ApiId, RouteId) => ROUTE.from(await apigateway.getRoute({ ApiId, RouteId })),
  async create({ clients, spec }) {
    const { AuthorizerId, ...others } = ROUTE.to(spec);
    const settings = { ...PLACE.to(spec), ...others, AuthorizerId: AuthorizerId || undefined };
    return (await clients.apigateway.createRoute(settings)).RouteId;
  },
  update: ({ clients, name, spec }) =>
    clients.apigateway.updateRoute({ ...PLACE.to(spec), ...ROUTE.to(spec), RouteId: name }),
  remove: ({ apigateway }, ApiId, RouteId) => apigateway.deleteRoute({ ApiId, RouteId }),
});

const STAGE = is.mapping({
  AutoDeploy: is.flag('autoDeploy', false),
  DefaultRouteSettings: is.block('defaultRouteSettings', {
    ThrottlingBurstLimit: is.number('throttlingBurstLimit', 0),
    ThrottlingRateLimit: is.number('throttlingRateLimit', 0),
  }),
});

function stageOf({ name, spec }: Subject) {
  const { DefaultRouteSettings: settings, ...others } = STAGE.to(spec);
  return {
    ...PLACE.to(spec),
    StageName: name,
    ...others,
    // The provider says what is off, too.
    ...(settings && { DefaultRouteSettings: { ...settings, DetailedMetricsEnabled: false } }),
  };
}

const stage: Kind = {
  group: GROUPS.apigateway,
  kind: 'Stage',
  fields: ['region', 'apiId', 'tags', ...STAGE.fields],
  references: [reference('apiId', 'apigateway', 'API', 'externalName')],
  namedBy: 'manifest',
  immutable: ['apiId'],
  defaults: { autoDeploy: false, tags: {} },
  absent,
  tags,

  async observe(subject) {
    const { clients, name } = subject;
    const apiId = apiOf(subject);
    const found = await clients.apigateway.getStage({ ApiId: apiId, StageName: name });
    const { DefaultRouteSettings = {} } = found;
    const arn = gatewayArn(clients, 'apis', apiId, 'stages', name);
    return {
      state: { ...STAGE.from({ ...found, DefaultRouteSettings }), apiId, tags: await tagsOf(clients, arn) },
      atProvider: { arn, id: name },
    };
  },

  create: (subject) =>
    subject.clients.apigateway.createStage({ ...stageOf(subject), Tags: dictionary(subject.spec, 'tags') }),

  update: (subject) => subject.clients.apigateway.updateStage(stageOf(subject)),

  remove: ({ clients, name, spec }) => clients.apigateway.deleteStage({ ...PLACE.to(spec), StageName: name }),
};

export const apiKinds = [api, authorizer, integration, route, stage];
