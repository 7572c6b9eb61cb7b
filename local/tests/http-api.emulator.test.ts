/** The kinds of API Gateway and EventBridge Scheduler. */
import { expect, test } from 'vitest';
import { defined, type Fields } from '../fields.ts';
import { EXTERNAL_NAME, type Manifest } from '../manifest.ts';
import { setStage, settle } from '../testing/harness.ts';
import { ACCOUNT, changed, get, REGION } from '../testing/manifests.ts';
import { pipeline, pipelineWithApi } from '../testing/pipeline.ts';

const FUNCTION_ARN = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:t-start`;

const stage = setStage();

function nameOf(key: string): string {
  return stage.reconciler.observed().get(key)?.metadata.annotations?.[EXTERNAL_NAME] ?? '';
}

/** Applies the pipeline, its API and its schedule until all is ready. */
async function settled(): Promise<ReadonlyMap<string, Manifest>> {
  stage.reconciler.apply(pipelineWithApi());
  await settle(stage.reconciler);
  return stage.reconciler.observed();
}

/** Without it what a manifest does not say is as AWS has it, and no more. */
const NO_LATE_INITIALIZATION = ['Observe', 'Create', 'Update', 'Delete'];

/** Applies all again with some fields of one resource replaced, or left out where they are undefined. */
function applyWith(key: string, fields: Fields, managementPolicies?: string[]): void {
  const desired = pipelineWithApi();
  const { spec, ...others } = changed(get(desired, key), fields);
  const policies = managementPolicies && { managementPolicies };
  desired.set(key, { ...others, spec: { ...spec, ...policies, forProvider: defined(spec.forProvider) } });
  stage.reconciler.apply(desired);
}

test('AWS has what the manifests say, by the names that the provider writes', async () => {
  const observed = await settled();
  const { apigateway, scheduler } = stage.clients;
  const ApiId = nameOf('api');
  const api = await apigateway.getApi({ ApiId });
  expect(api).toMatchObject({
    Name: 't-api',
    ProtocolType: 'HTTP',
    CorsConfiguration: { AllowMethods: ['GET', 'POST'], MaxAge: 300 },
    Tags: { team: 'x' },
  });
  expect(observed.get('api')?.status?.atProvider).toMatchObject({
    apiEndpoint: api.ApiEndpoint,
    arn: `arn:aws:apigateway:us-east-1::/apis/${ApiId}`,
    executionArn: `arn:aws:execute-api:us-east-1:000000000000:${ApiId}`,
    id: ApiId,
  });
  const IntegrationId = nameOf('api-start');
  expect(await apigateway.getIntegration({ ApiId, IntegrationId })).toMatchObject({
    IntegrationUri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${FUNCTION_ARN}/invocations`,
    PayloadFormatVersion: '2.0',
    TimeoutInMillis: 10000,
  });
  const routes = ['api-page', 'api-rows', 'api-uploads'].map((key) =>
    apigateway.getRoute({ ApiId, RouteId: nameOf(key) }),
  );
  const Target = `integrations/${IntegrationId}`;
  expect(await Promise.all(routes)).toMatchObject([
    { RouteKey: 'GET /', AuthorizationType: 'NONE', Target },
    { RouteKey: 'GET /uploads/{id}', AuthorizationType: 'AWS_IAM', Target },
    { RouteKey: 'POST /uploads', AuthorizationType: 'JWT', AuthorizerId: nameOf('api-jwt'), Target },
  ]);
  expect(nameOf('api-stage')).toBe('$default');
  expect(await apigateway.getStage({ ApiId, StageName: '$default' })).toMatchObject({
    AutoDeploy: true,
    DefaultRouteSettings: { ThrottlingBurstLimit: 20, ThrottlingRateLimit: 10.5 },
  });
  expect(nameOf('sweep')).toBe('default/t-sweep');
  expect(await scheduler.getSchedule({ Name: 't-sweep' })).toMatchObject({
    FlexibleTimeWindow: { Mode: 'OFF' },
    ScheduleExpression: 'rate(5 minutes)',
    ScheduleExpressionTimezone: 'UTC',
    State: 'ENABLED',
    Target: {
      Arn: FUNCTION_ARN,
      RetryPolicy: { MaximumEventAgeInSeconds: 300, MaximumRetryAttempts: 1 },
      RoleArn: 'arn:aws:iam::000000000000:role/start-role',
    },
  });
});

test('a request comes to the function, and one without a token does not', async () => {
  await settled();
  const base = `${stage.emulator.endpoint}/_aws/execute-api/${nameOf('api')}/$default`;
  const page = await fetch(`${base}/`, { headers: { origin: 'https://a.example' } });
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('one on v')]);
  expect(page.headers.get('access-control-allow-origin')).toBe('https://a.example');
  const upload = await fetch(`${base}/uploads`, { method: 'POST', body: '{}' });
  expect(upload.status).toBe(401);
  expect((await fetch(`${base}/elsewhere`)).status).toBe(404);
});

test('a second pass changes nothing', async () => {
  await settled();
  expect(await stage.pass()).toEqual([]);
  stage.reconciler.apply(pipelineWithApi());
  expect(await stage.pass()).toEqual([]);
});

test.each<[string, Fields, string[]]>([
  ['api', { corsConfiguration: { allowOrigins: ['https://c.example'] } }, ['UpdateApiCommand']],

  ['api', { tags: { owner: 'y' } }, ['TagResourceCommand', 'UntagResourceCommand']],
  [
    'api-jwt',
    { jwtConfiguration: { audience: ['app'], issuer: 'https://i.example' } },
    ['UpdateAuthorizerCommand'],
  ],
  ['api-start', { timeoutMilliseconds: 20000 }, ['UpdateIntegrationCommand']],
  ['api-stage', { defaultRouteSettings: { throttlingRateLimit: 5 } }, ['UpdateStageCommand']],
  ['api-stage', { tags: {} }, ['UntagResourceCommand']],
  ['sweep', { scheduleExpression: 'rate(1 minute)' }, ['UpdateScheduleCommand']],
])('a change of %s to %j is brought about once', async (key, fields, commands) => {
  await settled();
  applyWith(key, fields);
  expect(await stage.pass()).toEqual(commands);
  expect(await stage.pass()).toEqual([]);
  expect(stage.condition(key, 'Ready')).toMatchObject({ status: 'True', reason: 'Available' });
});

const specOf = (key: string) => stage.reconciler.observed().get(key)?.spec.forProvider;

test('what is taken from an API is gone for good', async () => {
  await settled();
  applyWith('api', { corsConfiguration: undefined }, NO_LATE_INITIALIZATION);
  expect(await stage.pass()).toEqual(['DeleteCorsConfigurationCommand', 'UpdateApiCommand']);
  expect(await stage.pass()).toEqual([]);
  expect(specOf('api')).not.toHaveProperty('corsConfiguration');
});

test('late initialization brings back what is taken from an API', async () => {
  await settled();
  const before = specOf('api');
  applyWith('api', { corsConfiguration: undefined });
  await stage.pass();
  expect(specOf('api')).toEqual(before);
  // AWS had lost it by then, and gets it again.
  expect((await stage.pass()).length).toBe(1);
  // It belongs to the provider: that late initialization ends is too late.
  applyWith('api', { corsConfiguration: undefined }, NO_LATE_INITIALIZATION);
  expect(specOf('api')).toEqual(before);
});

test('what a reference led to stays when the reference goes', async () => {
  await settled();
  const authorizerId = nameOf('api-jwt');
  applyWith('api-uploads', { authorizationType: 'NONE', authorizerIdRef: undefined }, NO_LATE_INITIALIZATION);
  expect(await stage.pass()).toEqual(['UpdateRouteCommand']);
  expect(specOf('api-uploads')).toMatchObject({ authorizationType: 'NONE', authorizerId });
  const RouteId = nameOf('api-uploads');
  const found = await stage.clients.apigateway.getRoute({ ApiId: nameOf('api'), RouteId });
  expect(found.AuthorizerId).toBe(authorizerId);
});

test('a reference that comes later takes from the provider what the others led to', async () => {
  await settled();
  const added = { authorizationType: 'JWT', authorizerIdRef: { name: 'api-jwt' } };
  applyWith('api-rows', added, NO_LATE_INITIALIZATION);
  await stage.pass();
  expect(specOf('api-rows')).toMatchObject({ authorizerId: nameOf('api-jwt') });
  expect(specOf('api-rows')).not.toHaveProperty('apiId');
  expect(stage.condition('api-rows', 'Synced')?.message).toBe('forProvider.apiId is missing');
});

test('drift is mended', async () => {
  await settled();
  const ApiId = nameOf('api');
  const { apigateway } = stage.clients;
  await apigateway.updateApi({ ApiId, Description: 'by hand' });
  await apigateway.updateStage({ ApiId, StageName: '$default', AutoDeploy: false });
  expect(await stage.pass()).toEqual(['UpdateApiCommand', 'UpdateStageCommand']);
});

test.each([
  ['api', { protocolType: 'WEBSOCKET' }, 'protocolType'],
  ['sweep', { name: 't-other' }, 'name'],
])('what AWS cannot change of %s is refused', async (key, fields, field) => {
  await settled();
  applyWith(key, fields);
  await stage.reconciler.reconcile();
  expect(stage.condition(key, 'Synced')?.message).toContain(
    `cannot change the value of the argument "${field}"`,
  );
});

test('an API goes with all of its parts, and the schedule too', async () => {
  await settled();
  const ApiId = nameOf('api');
  stage.reconciler.apply(pipeline());
  await stage.reconciler.reconcile();
  await stage.reconciler.reconcile();
  expect([...stage.reconciler.observed().keys()].filter((key) => /^(api|sweep)/.test(key))).toEqual([]);
  await expect(stage.clients.apigateway.getApi({ ApiId })).rejects.toThrow('not found');
  expect((await stage.clients.scheduler.listSchedules({})).Schedules).toEqual([]);
});
