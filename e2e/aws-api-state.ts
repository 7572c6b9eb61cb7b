/** What AWS holds of an HTTP API, as it answers it; names stand in where ids are random. */
import type { Api } from '@aws-sdk/client-apigatewayv2';
import type { Clients } from '../local/aws.ts';
import { gatewayArn } from '../local/kinds/apigatewayv2.ts';

/** Most that API Gateway gives in one answer; an account has no more APIs by default. */
const MaxResults = '600';

/** Every HTTP API of the account and region. */
export async function listApis({ apigateway }: Clients): Promise<Api[]> {
  const { Items = [] } = await apigateway.getApis({ MaxResults });
  return Items;
}

/** An API with its parts: routes and stages by name, each route with the function and the authorizer that it leads to. */
export async function apiState(clients: Clients, name: string): Promise<unknown> {
  const { apigateway } = clients;
  const { ApiId = '' } = (await listApis(clients)).find((api) => api.Name === name) ?? {};
  const tags = (...path: string[]) =>
    apigateway.getTags({ ResourceArn: gatewayArn(clients, 'apis', ApiId, ...path) });
  const of = { ApiId, MaxResults };
  const { Items: integrations = [] } = await apigateway.getIntegrations(of);
  const { Items: authorizers = [] } = await apigateway.getAuthorizers(of);
  const { Items: routes = [] } = await apigateway.getRoutes(of);
  const { Items: stages = [] } = await apigateway.getStages(of);
  const routed = routes.map((route) => ({
    ...route,
    Target: integrations.find(({ IntegrationId }) => route.Target === `integrations/${IntegrationId}`)
      ?.IntegrationUri,
    Authorizer: authorizers.find(({ AuthorizerId }) => AuthorizerId === route.AuthorizerId)?.Name,
  }));
  return {
    // The tags are asked for by themselves: the emulator's other answers keep those of the creation.
    api: { ...(await apigateway.getApi({ ApiId })), Tags: (await tags()).Tags },
    integrations,
    authorizers,
    routes: routed,
    stages: await Promise.all(
      stages.map(async (stage) => ({ ...stage, Tags: (await tags('stages', stage.StageName ?? '')).Tags })),
    ),
  };
}
