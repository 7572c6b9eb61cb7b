/**
 * The kinds of API Gateway. Its actions are the verbs of HTTP:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagementv2.html
 */
import type { KindAccess } from './access.ts';

/** A part of an API. It has no tags. */
const part = (source: string): KindAccess => ({
  source: [`apigatewayv2/${source}.go`],
  needs: {
    apiPart: {
      create: ['apigateway:POST'],
      observe: ['apigateway:GET'],
      update: ['apigateway:PATCH'],
      delete: ['apigateway:DELETE'],
    },
  },
});

/** Tags on creation are checked as TagResource on the new resource. Tags that are set later are checked as a verb on `/tags`. */
const TAGS = {
  create: ['apigateway:POST', 'apigateway:PUT'],
  observe: ['apigateway:GET'],
  update: ['apigateway:POST', 'apigateway:PUT', 'apigateway:DELETE'],
} as const;

export const httpApi: Record<string, KindAccess> = {
  API: {
    source: ['apigatewayv2/api.go', 'apigatewayv2/tags_gen.go'],
    needs: {
      api: {
        create: ['apigateway:POST', 'apigateway:TagResource'],
        observe: ['apigateway:GET'],
        update: ['apigateway:TagResource', 'apigateway:UntagResource'],
      },
      ownApi: { update: ['apigateway:PATCH'], delete: ['apigateway:DELETE'] },
      apiPart: { update: ['apigateway:DELETE'] },
      apiTags: TAGS,
    },
  },
  Authorizer: part('authorizer'),
  Integration: part('integration'),
  Route: part('route'),
  Stage: {
    // The provider reads its API too.
    source: ['apigatewayv2/stage.go', 'apigatewayv2/tags_gen.go'],
    needs: {
      ...part('stage').needs,
      api: {
        create: ['apigateway:TagResource'],
        observe: ['apigateway:GET'],
        update: ['apigateway:TagResource', 'apigateway:UntagResource'],
      },
      apiTags: TAGS,
    },
  },
};
