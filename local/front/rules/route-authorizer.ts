/** A route has an authorizer if and only if its authorization type needs one. It must be of the same API and of the right type. */
import type { Authorizer } from '@aws-sdk/client-apigatewayv2';
import { stringAt } from '../../../function/src/objects.ts';
import { answerUnless } from '../../aws.ts';
import { fieldsOf } from '../call.ts';
import { type Ask, type Rule, refuse } from '../rule.ts';

/** The type of authorizer for each authorization type. */
const AUTHORIZERS: Readonly<Record<string, string>> = { JWT: 'JWT', CUSTOM: 'REQUEST' };

const ABSENT = 'NotFoundException';

async function authorizersOf(ApiId: string, ask: Ask): Promise<Authorizer[]> {
  const found = await answerUnless(ask.apigateway.getAuthorizers({ ApiId }), ABSENT);
  return found?.Items ?? [];
}

/** What a route has, for what an update does not say. None where it is not there, which is for the emulator to say. */
const routeBefore = (ApiId: string, RouteId: string, ask: Ask) =>
  answerUnless(ask.apigateway.getRoute({ ApiId, RouteId }), ABSENT);

export const routeAuthorizer: Rule = {
  page: 'https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-routes.html',
  operations: ['apigateway:CreateRoute', 'apigateway:UpdateRoute'],
  async judge(call, ask) {
    const [, , , api = '', , route] = call.path.split('/');
    const fields = fieldsOf(call);
    const given = {
      type: stringAt(fields, 'authorizationType'),
      authorizer: stringAt(fields, 'authorizerId'),
    };
    if (given.type === undefined && !given.authorizer) return undefined;
    const type = given.type ?? 'NONE';
    const wanted = AUTHORIZERS[type];
    if (wanted === undefined) {
      const verb = route === undefined ? 'create' : 'update';
      // An update with an authorizer and without a type is rejected too: the route's current type does not count.
      return given.authorizer
        ? refuse('BadRequestException', `Unable to ${verb} route. Authorizer type is invalid or null.`)
        : undefined;
    }
    const before = route === undefined ? undefined : await routeBefore(api, route, ask);
    const authorizer = given.authorizer ?? before?.AuthorizerId;
    const found = (await authorizersOf(api, ask)).find(({ AuthorizerId }) => AuthorizerId === authorizer);
    return found?.AuthorizerType === wanted
      ? undefined
      : refuse(
          'BadRequestException',
          'Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.',
        );
  },
};
