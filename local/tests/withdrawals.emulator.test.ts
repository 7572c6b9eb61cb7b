/** What a claim takes away is gone from AWS, and stays away. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claimOf } from '../../function/render.ts';
import { at, type Json, stringAt } from '../../function/src/objects.ts';
import { reconcileOnce } from '../composite.ts';
import { type Pipeline, startPipeline } from '../pipeline.ts';

const JWT = { type: 'JWT', issuer: 'https://login.example.com', audience: ['web'] };
const claimWith = (upload: Json): Json =>
  claimOf({
    region: 'eu-west-1',
    source: { upload },
    workflow: { type: 'RunScript', runScript: { network: { publicAddress: true } } },
  });
/** What late initialization would bring back is back by the second pass, and in AWS by the third. */
const PASSES = 4;

let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await startPipeline(claimWith({ authorization: JWT, allowedOrigins: ['https://a.example'] }));
});
afterAll(() => pipeline?.stop());

/** Changes the claim, and lets function and reconciler work on it. */
async function changeTo(upload: Json): Promise<void> {
  const metadata = at(pipeline.composite, 'metadata');
  for (let pass = 0; pass < PASSES; pass += 1) {
    const claim = { ...claimWith(upload), metadata, status: at(pipeline.composite, 'status') };
    await reconcileOnce(claim, pipeline.server, pipeline.reconciler);
    await pipeline.reconciler.reconcile();
  }
}

/** What AWS has: origins of the API and of the bucket, and who may call which route. */
async function inAws() {
  const { apigateway, s3 } = pipeline.clients;
  const api = stringAt(pipeline.reconciler.observed().get('api'), 'status', 'atProvider', 'id') ?? '';
  const { CorsConfiguration, ApiEndpoint } = await apigateway.getApi({ ApiId: api });
  const { Items: routes = [] } = await apigateway.getRoutes({ ApiId: api });
  const { Items: authorizers = [] } = await apigateway.getAuthorizers({ ApiId: api });
  const bucket = stringAt(pipeline.composite, 'status', 'bucket') ?? '';
  const { CORSRules = [] } = await s3.getBucketCors({ Bucket: bucket });
  const id = authorizers[0]?.AuthorizerId;
  return {
    api: CorsConfiguration?.AllowOrigins ?? [],
    bucket: CORSRules.flatMap(({ AllowedOrigins = [] }) =>
      AllowedOrigins.map((origin) => (origin === ApiEndpoint ? 'its own page' : origin)),
    ),
    routes: routes
      .map(({ RouteKey, AuthorizationType, AuthorizerId }) => {
        const by =
          AuthorizerId === undefined ? '' : AuthorizerId === id ? ' by the authorizer' : ' by another';
        return `${RouteKey} ${AuthorizationType}${by}`;
      })
      .sort(),
    authorizers: authorizers.length,
  };
}

test('origins and tokens, as they are asked for', async () => {
  expect(await inAws()).toEqual({
    api: ['https://a.example'],
    bucket: ['its own page', 'https://a.example'],
    routes: ['GET / NONE', 'GET /uploads/{id} JWT by the authorizer', 'POST /uploads JWT by the authorizer'],
    authorizers: 1,
  });
});

test('no origin and no token any more', async () => {
  await changeTo({ authorization: { type: 'None' } });
  expect(await inAws()).toEqual({
    api: [],
    bucket: ['its own page'],
    routes: ['GET / NONE', 'GET /uploads/{id} NONE', 'POST /uploads NONE'],
    authorizers: 0,
  });
});

test('tokens again, then signed requests', async () => {
  await changeTo({ authorization: JWT });
  expect((await inAws()).routes).toContain('POST /uploads JWT by the authorizer');
  await changeTo({ authorization: { type: 'IAM' }, allowedOrigins: ['https://b.example'] });
  expect(await inAws()).toEqual({
    api: ['https://b.example'],
    bucket: ['https://b.example'],
    routes: ['GET /uploads/{id} AWS_IAM', 'POST /uploads AWS_IAM'],
    authorizers: 0,
  });
});
