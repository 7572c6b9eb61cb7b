/** The manifests of an HTTP API and of a schedule that call the pipeline's function. */
import type { Fields } from '../fields.ts';
import { GROUPS } from '../kinds/kind.ts';
import type { Manifest } from '../manifest.ts';
import { ACCOUNT, keyed, managed, REGION } from './manifests.ts';
import { pipeline } from './pipeline.ts';

export const FUNCTION_ARN = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:t-start`;

function api(): Manifest[] {
  const part = (kind: string, name: string, spec: Fields, externalName?: string) =>
    managed(
      GROUPS.apigateway,
      kind,
      name,
      { apiIdRef: { name: 'api' }, ...spec },
      externalName ? { externalName } : {},
    );
  const target = { targetRef: { name: 'api-start' } };
  return [
    managed(GROUPS.apigateway, 'API', 'api', {
      name: 't-api',
      protocolType: 'HTTP',
      description: 'uploads',
      corsConfiguration: {
        allowOrigins: ['https://a.example', 'https://b.example'],
        allowMethods: ['GET', 'POST'],
        allowHeaders: ['content-type'],
        maxAge: 300,
      },
      tags: { team: 'x' },
    }),
    part('Authorizer', 'api-jwt', {
      name: 'jwt',
      authorizerType: 'JWT',
      identitySources: ['$request.header.Authorization'],
      jwtConfiguration: { audience: ['web'], issuer: 'https://issuer.example' },
    }),
    part('Integration', 'api-start', {
      integrationType: 'AWS_PROXY',
      integrationUriRef: { name: 'start' },
      payloadFormatVersion: '2.0',
      timeoutMilliseconds: 10000,
    }),
    part('Route', 'api-page', { routeKey: 'GET /', authorizationType: 'NONE', ...target }),
    part('Route', 'api-rows', { routeKey: 'GET /uploads/{id}', authorizationType: 'AWS_IAM', ...target }),
    part('Route', 'api-uploads', {
      routeKey: 'POST /uploads',
      authorizationType: 'JWT',
      authorizerIdRef: { name: 'api-jwt' },
      ...target,
    }),
    part(
      'Stage',
      'api-stage',
      {
        autoDeploy: true,
        defaultRouteSettings: { throttlingBurstLimit: 20, throttlingRateLimit: 10.5 },
        tags: { team: 'x' },
      },
      '$default',
    ),
    managed(GROUPS.lambda, 'Permission', 'api-permission', {
      action: 'lambda:InvokeFunction',
      functionNameRef: { name: 'start' },
      principal: 'apigateway.amazonaws.com',
      statementId: 'api',
    }),
  ];
}

function schedule(): Manifest {
  return managed(GROUPS.scheduler, 'Schedule', 'sweep', {
    name: 't-sweep',
    scheduleExpression: 'rate(5 minutes)',
    flexibleTimeWindow: { mode: 'OFF' },
    target: {
      arn: FUNCTION_ARN,
      roleArnRef: { name: 'start-role' },
      retryPolicy: { maximumEventAgeInSeconds: 300, maximumRetryAttempts: 1 },
    },
  });
}

/** The pipeline's manifests, with an HTTP API and a schedule that call its function. */
export function pipelineWithApi(): Map<string, Manifest> {
  return new Map([...pipeline(), ...keyed(...api(), schedule())]);
}
