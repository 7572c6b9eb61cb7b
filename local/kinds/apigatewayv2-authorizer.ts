/** Who may call an HTTP API: authorizers, which check a token. */
import {
  AuthorizerType,
  CreateAuthorizerCommand,
  DeleteAuthorizerCommand,
  GetAuthorizerCommand,
  UpdateAuthorizerCommand,
} from '@aws-sdk/client-apigatewayv2';
import { block, choice, type Fields, needText, text, texts } from '../fields.ts';
import { ABSENT, apiOf, apiReference } from './apigatewayv2.ts';
import { GROUPS, ifFound, type Kind } from './kind.ts';

function authorizerOf(spec: Fields) {
  const jwt = block(spec, 'jwtConfiguration');
  return {
    ApiId: needText(spec, 'apiId'),
    Name: needText(spec, 'name'),
    AuthorizerType: choice(AuthorizerType, spec, 'authorizerType'),
    IdentitySource: texts(spec, 'identitySources'),
    ...(jwt ? { JwtConfiguration: { Audience: texts(jwt, 'audience'), Issuer: text(jwt, 'issuer') } } : {}),
  };
}

const authorizer: Kind = {
  group: GROUPS.apigateway,
  kind: 'Authorizer',
  fields: [
    ...['region', 'apiId', 'name', 'authorizerType', 'identitySources'],
    ...['jwtConfiguration.audience', 'jwtConfiguration.issuer'],
  ],
  references: [apiReference],
  namedBy: 'provider',
  immutable: ['apiId'],

  async observe(subject) {
    const ApiId = apiOf(subject);
    const command = new GetAuthorizerCommand({ ApiId, AuthorizerId: subject.name });
    const found = await ifFound(subject.clients.apigateway.send(command), ABSENT);
    if (!found) return undefined;
    const { JwtConfiguration: jwt } = found;
    return {
      state: {
        apiId: ApiId,
        name: found.Name,
        authorizerType: found.AuthorizerType,
        identitySources: found.IdentitySource ?? [],
        jwtConfiguration: { audience: jwt?.Audience ?? [], issuer: jwt?.Issuer },
      },
      atProvider: { id: subject.name },
      ready: true,
    };
  },

  async create({ clients, spec }) {
    const made = await clients.apigateway.send(new CreateAuthorizerCommand(authorizerOf(spec)));
    return made.AuthorizerId;
  },

  async update({ clients, name, spec }) {
    const command = new UpdateAuthorizerCommand({ ...authorizerOf(spec), AuthorizerId: name });
    await clients.apigateway.send(command);
  },

  async remove({ clients, name, spec }) {
    const command = new DeleteAuthorizerCommand({ ApiId: needText(spec, 'apiId'), AuthorizerId: name });
    await ifFound(clients.apigateway.send(command), ABSENT);
  },
};

export const authorizerKinds = [authorizer];
