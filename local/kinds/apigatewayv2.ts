/** HTTP APIs of API Gateway. Their parts are in the files beside this one. */
import {
  CreateApiCommand,
  DeleteApiCommand,
  DeleteCorsConfigurationCommand,
  GetApiCommand,
  GetTagsCommand,
  ProtocolType,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateApiCommand,
} from '@aws-sdk/client-apigatewayv2';
import type { Clients } from '../aws.ts';
import { choice, defined, dictionary, type Fields, flag, needText, number, text, texts } from '../fields.ts';
import {
  GROUPS,
  ifFound,
  type Kind,
  type Observation,
  type Reference,
  type Subject,
  staleTags,
} from './kind.ts';

/** What API Gateway answers for whatever is not there. */
export const ABSENT = 'NotFoundException';

/** API Gateway's ARNs have no account: `arn:aws:apigateway:<region>::/apis/<id>`, then the path of a part. */
export function gatewayArn({ region }: Clients, ...path: string[]): string {
  return `arn:aws:apigateway:${region}::/${path.join('/')}`;
}

/** How a part of an API names it. */
export const apiReference: Reference = {
  from: 'apiIdRef',
  to: 'apiId',
  group: GROUPS.apigateway,
  kind: 'API',
  take: 'externalName',
};

/** The API of a part: of one that was made, the one that it was made for. */
export function apiOf({ applied, spec }: Pick<Subject, 'applied' | 'spec'>): string {
  return text(applied, 'apiId') ?? needText(spec, 'apiId');
}

/** The tags of an API or a stage. The emulator's other answers keep those of the creation. */
export async function tagsOf({ apigateway }: Clients, ResourceArn: string): Promise<Fields> {
  const { Tags } = await apigateway.send(new GetTagsCommand({ ResourceArn }));
  return Tags ?? {};
}

/** Makes the tags of an API or a stage those of the manifest. */
export async function setTags(subject: Subject, ResourceArn: string, seen: Observation): Promise<void> {
  const { apigateway } = subject.clients;
  const Tags = dictionary(subject.spec, 'tags');
  const TagKeys = staleTags(seen, Tags);
  if (TagKeys.length > 0) await apigateway.send(new UntagResourceCommand({ ResourceArn, TagKeys }));
  if (Object.keys(Tags).length > 0) await apigateway.send(new TagResourceCommand({ ResourceArn, Tags }));
}

function corsOf(spec: Fields) {
  const AllowOrigins = texts(spec, 'corsConfiguration.allowOrigins') ?? [];
  if (AllowOrigins.length === 0) return undefined;
  return {
    AllowOrigins,
    // The provider says what is off, too.
    AllowCredentials: flag(spec, 'corsConfiguration.allowCredentials') ?? false,
    AllowHeaders: texts(spec, 'corsConfiguration.allowHeaders'),
    AllowMethods: texts(spec, 'corsConfiguration.allowMethods'),
    ExposeHeaders: texts(spec, 'corsConfiguration.exposeHeaders') ?? [],
    MaxAge: number(spec, 'corsConfiguration.maxAge'),
  };
}

function configurationOf(spec: Fields) {
  const CorsConfiguration = corsOf(spec);
  return {
    Name: needText(spec, 'name'),
    Description: text(spec, 'description'),
    DisableExecuteApiEndpoint: flag(spec, 'disableExecuteApiEndpoint'),
    ...(CorsConfiguration ? { CorsConfiguration } : {}),
  };
}

const CORS = ['allowCredentials', 'allowHeaders', 'allowMethods', 'allowOrigins', 'exposeHeaders', 'maxAge'];

const api: Kind = {
  group: GROUPS.apigateway,
  kind: 'API',
  fields: [
    ...['region', 'name', 'protocolType', 'description', 'disableExecuteApiEndpoint', 'tags'],
    ...CORS.map((field) => `corsConfiguration.${field}`),
  ],
  namedBy: 'provider',
  immutable: ['protocolType'],
  defaults: {
    description: '',
    disableExecuteApiEndpoint: false,
    corsConfiguration: { allowOrigins: [] },
    tags: {},
  },

  async observe({ clients, accountId, name }) {
    const found = await ifFound(clients.apigateway.send(new GetApiCommand({ ApiId: name })), ABSENT);
    if (!found) return undefined;
    const { CorsConfiguration: cors } = found;
    const arn = gatewayArn(clients, 'apis', name);
    return {
      state: {
        name: found.Name,
        protocolType: found.ProtocolType,
        description: found.Description ?? '',
        disableExecuteApiEndpoint: found.DisableExecuteApiEndpoint ?? false,
        corsConfiguration: {
          allowCredentials: cors?.AllowCredentials ?? false,
          allowHeaders: cors?.AllowHeaders ?? [],
          allowMethods: cors?.AllowMethods ?? [],
          allowOrigins: cors?.AllowOrigins ?? [],
          exposeHeaders: cors?.ExposeHeaders ?? [],
          maxAge: cors?.MaxAge ?? 0,
        },
        tags: await tagsOf(clients, arn),
      },
      atProvider: defined({
        apiEndpoint: found.ApiEndpoint,
        arn,
        executionArn: `arn:aws:execute-api:${clients.region}:${accountId}:${name}`,
        id: name,
      }),
      ready: true,
    };
  },

  async create({ clients, spec }) {
    const { ApiId } = await clients.apigateway.send(
      new CreateApiCommand({
        ...configurationOf(spec),
        ProtocolType: choice(ProtocolType, spec, 'protocolType'),
        Tags: dictionary(spec, 'tags'),
      }),
    );
    return ApiId;
  },

  async update(subject, changed, seen) {
    const { clients, name, spec } = subject;
    if (changed.has('tags')) await setTags(subject, gatewayArn(clients, 'apis', name), seen);
    // UpdateApi replaces the CORS settings, and only their own call takes them away.
    if (changed.has('corsConfiguration') && !corsOf(spec)) {
      await clients.apigateway.send(new DeleteCorsConfigurationCommand({ ApiId: name }));
    }
    if ([...changed].every((field) => field === 'tags')) return;
    await clients.apigateway.send(new UpdateApiCommand({ ApiId: name, ...configurationOf(spec) }));
  },

  async remove({ clients, name }) {
    await ifFound(clients.apigateway.send(new DeleteApiCommand({ ApiId: name })), ABSENT);
  },
};

export const apiKinds = [api];
