/** The HTTP API for uploads: its routes, their authorization, and the allowed origins. */
import type { IAPI } from '@crossplane-models/provider-upjet-aws/apigatewayv2.aws.m.upbound.io/v1beta1/API';
import type { IAuthorizer } from '@crossplane-models/provider-upjet-aws/apigatewayv2.aws.m.upbound.io/v1beta1/Authorizer';
import type { IIntegration } from '@crossplane-models/provider-upjet-aws/apigatewayv2.aws.m.upbound.io/v1beta1/Integration';
import type { IRoute } from '@crossplane-models/provider-upjet-aws/apigatewayv2.aws.m.upbound.io/v1beta1/Route';
import type { IStage } from '@crossplane-models/provider-upjet-aws/apigatewayv2.aws.m.upbound.io/v1beta1/Stage';
import type { IPermission } from '@crossplane-models/provider-upjet-aws/lambda.aws.m.upbound.io/v1beta1/Permission';
import type { IBucketCorsConfiguration } from '@crossplane-models/provider-upjet-aws/s3.aws.m.upbound.io/v1beta1/BucketCorsConfiguration';
import type { Context } from '../context.ts';
import type { PipelineSpec } from '../generated/api.ts';
import { KEYS, policyKey } from '../keys.ts';
import { at, type Json, stringAt } from '../objects.ts';
import { type ComposedResource, define, onceKnown } from '../plan.ts';
import { takesUploads } from './trigger.ts';

type Upload = NonNullable<PipelineSpec['source']['upload']>;

/** Composition key of what checks tokens. */
const AUTHORIZER = 'api-authorizer';

const gateway = { apiVersion: 'apigatewayv2.aws.m.upbound.io/v1beta1', area: 'Trigger' } as const;

/** The limit of requests per second, and of bursts, for all callers together, as each request can start a virtual machine. */
const RATE = 10;
const BURST = 20;
/** How long browsers cache the CORS permissions, in seconds. */
const CORS_SECONDS = 300;

const AUTHORIZATION = { None: 'NONE', IAM: 'AWS_IAM', JWT: 'JWT' } as const;

/** The headers from pages of other origins: the token, or the headers of a signed request. */
const REQUEST_HEADERS = {
  None: ['content-type'],
  JWT: ['content-type', 'authorization'],
  IAM: ['content-type', 'authorization', 'x-amz-content-sha256', 'x-amz-date', 'x-amz-security-token'],
};

const provider = ({ observed }: Context, field: string) =>
  stringAt(observed[KEYS.api], 'status', 'atProvider', field);

/** A temporary value for a route without tokens that still has an authorizer. It takes the field away from its owner. */
const NO_AUTHORIZER = 'none';

/**
 * The authorizer of a route, as an id. It is not a reference, since a resolved value belongs to the provider and stays when the reference
 * is removed. A route that once had a reference still has such a value. Server-side apply takes a field from another owner only with a
 * different value, and removes a field that we alone own when we no longer emit it.
 */
function authorizerOf(observed: Json | undefined, isChecked: boolean, id: string | undefined) {
  if (isChecked) return id;
  const left = stringAt(observed, 'spec', 'forProvider', 'authorizerId');
  const isLeft = left !== undefined && left !== NO_AUTHORIZER;
  return isLeft && at(observed, 'spec', 'forProvider', 'authorizationType') !== 'JWT'
    ? NO_AUTHORIZER
    : undefined;
}

function routes(context: Context, { authorization }: Upload): ComposedResource[] {
  const { names, spec, observed } = context;
  const { type } = authorization;
  const authorizer = stringAt(observed[AUTHORIZER], 'status', 'atProvider', 'id');
  const route = (key: string, routeKey: string, isOpen: boolean) => {
    const isChecked = !isOpen && type === 'JWT';
    const authorizerId = authorizerOf(observed[key], isChecked, authorizer);
    return onceKnown(
      isChecked ? authorizer : true,
      define<IRoute>(context, {
        ...gateway,
        key,
        kind: 'Route',
        needs: isChecked ? [AUTHORIZER] : [],
        withdrawable: !isOpen,
        forProvider: {
          region: spec.region,
          apiIdRef: { name: names.composed(KEYS.api) },
          routeKey,
          targetRef: { name: names.composed('api-integration') },
          authorizationType: isOpen ? 'NONE' : AUTHORIZATION[type],
          ...(authorizerId !== undefined && { authorizerId }),
        },
      }),
    );
  };
  return [
    // A browser cannot sign the request for a page, so with IAM there is no page. With JWT there is one, and it asks for a token.
    ...(type === 'IAM' ? [] : [route('api-page', 'GET /', true)]),
    route(KEYS.apiAnnounce, 'POST /uploads', false),
    route(KEYS.apiState, 'GET /uploads/{id}', false),
  ];
}

function authorizer(context: Context, { authorization }: Upload): ComposedResource[] {
  const { type, issuer, audience } = authorization;
  if (type !== 'JWT') return [];
  return [
    define<IAuthorizer>(context, {
      ...gateway,
      key: AUTHORIZER,
      kind: 'Authorizer',
      forProvider: {
        region: context.spec.region,
        apiIdRef: { name: context.names.composed(KEYS.api) },
        name: 'jwt',
        authorizerType: 'JWT',
        identitySources: ['$request.header.Authorization'],
        jwtConfiguration: { ...(issuer !== undefined && { issuer }), ...(audience && { audience }) },
      },
    }),
  ];
}

/** The origins of pages that upload to the bucket: the API's own endpoint, which has no path, and the claim's origins. */
function origins(context: Context, { authorization, allowedOrigins = [] }: Upload): string[] {
  const endpoint = provider(context, 'apiEndpoint');
  return [...(authorization.type !== 'IAM' && endpoint !== undefined ? [endpoint] : []), ...allowedOrigins];
}

/** The missing CORS rules of an adopted bucket, which its owner must set. */
function lacksCors(context: Context, upload: Upload): ComposedResource['lacks'] {
  const { names, observed, ownership } = context;
  if (ownership[KEYS.bucket]?.is !== 'adopted') return undefined;
  const rules: unknown = at(observed[KEYS.bucket], 'status', 'atProvider', 'corsRule');
  const has = (rule: unknown, field: string, value: string) => {
    const values = at(rule, field);
    return Array.isArray(values) && (values.includes(value) || values.includes('*'));
  };
  const isAllowed = (origin: string) =>
    Array.isArray(rules) &&
    rules.some((rule) => has(rule, 'allowedMethods', 'POST') && has(rule, 'allowedOrigins', origin));
  const refused = origins(context, upload).filter((origin) => !isAllowed(origin));
  if (refused.length === 0) return undefined;
  const fix = `Add a CORS rule to bucket ${JSON.stringify(names.bucket)} with method POST, header * and these origins: ${refused.join(', ')}.`;
  return {
    reason: 'WaitingForCors',
    message: `spec.source.bucketName: an adopted bucket keeps its CORS rules. ${fix}`,
  };
}

/** The CORS rules of the bucket: browsers upload directly to it, from the API's own page and from the claim's origins. */
function bucketCors(context: Context, upload: Upload): ComposedResource[] {
  const { authorization, allowedOrigins = [] } = upload;
  const endpoint = provider(context, 'apiEndpoint');
  const hasPage = authorization.type !== 'IAM';
  if (!hasPage && allowedOrigins.length === 0) return [];
  if (context.ownership[KEYS.bucket]?.is === 'adopted') return [];
  return [
    onceKnown(
      hasPage ? endpoint : true,
      define<IBucketCorsConfiguration>(context, {
        apiVersion: 's3.aws.m.upbound.io/v1beta1',
        area: 'Trigger',
        key: 'bucket-cors',
        kind: 'BucketCorsConfiguration',
        needs: hasPage ? [KEYS.api] : [],
        forProvider: {
          region: context.spec.region,
          bucketRef: { name: context.names.composed(KEYS.bucket) },
          corsRule: [
            {
              id: 'uploads',
              allowedMethods: ['POST'],
              allowedOrigins: origins(context, upload),
              allowedHeaders: ['*'],
              maxAgeSeconds: CORS_SECONDS,
            },
          ],
        },
      }),
    ),
  ];
}

/**
 * The API. Its stage is created only when everything after an upload is ready. Before that, nobody can announce a file that would never
 * be processed.
 */
export function uploadApi(context: Context, upload: Upload): ComposedResource[] {
  const { names, spec, tags } = context;
  const { region } = spec;
  const { allowedOrigins, authorization } = upload;
  const apiIdRef = { name: names.composed(KEYS.api) };
  const executionArn = provider(context, 'executionArn');
  return [
    define<IAPI>(context, {
      ...gateway,
      key: KEYS.api,
      kind: 'API',
      withdrawable: true,
      forProvider: {
        region,
        name: names.of('api', 'uploads'),
        description: 'Takes uploads',
        protocolType: 'HTTP',
        ...(allowedOrigins && {
          corsConfiguration: {
            allowOrigins: allowedOrigins,
            allowMethods: ['GET', 'POST'],
            allowHeaders: REQUEST_HEADERS[authorization.type],
            maxAge: CORS_SECONDS,
          },
        }),
        tags,
      },
    }),
    define<IIntegration>(context, {
      ...gateway,
      key: 'api-integration',
      kind: 'Integration',
      forProvider: {
        region,
        apiIdRef,
        integrationType: 'AWS_PROXY',
        integrationUriRef: { name: names.composed(KEYS.uploadApi) },
        payloadFormatVersion: '2.0',
        timeoutMilliseconds: 30000,
      },
    }),
    ...authorizer(context, upload),
    ...routes(context, upload),
    onceKnown(
      executionArn,
      define<IPermission>(context, {
        apiVersion: 'lambda.aws.m.upbound.io/v1beta1',
        area: 'Trigger',
        key: 'api-permission',
        kind: 'Permission',
        // sourceArn has no reference, and the API's id is AWS's choice.
        needs: [KEYS.api],
        forProvider: {
          region,
          action: 'lambda:InvokeFunction',
          principal: 'apigateway.amazonaws.com',
          statementId: 'AllowRequests',
          functionNameRef: { name: names.composed(KEYS.uploadApi) },
          sourceArn: `${executionArn}/*/*`,
        },
      }),
    ),
    ...bucketCors(context, upload),
    define<IStage>(context, {
      ...gateway,
      key: KEYS.apiStage,
      kind: 'Stage',
      lacks: lacksCors(context, upload),
      needs: [...takesUploads(spec), 'api-permission', policyKey(KEYS.uploadApi)],
      externalName: '$default',
      forProvider: {
        region,
        apiIdRef,
        autoDeploy: true,
        defaultRouteSettings: { throttlingRateLimit: RATE, throttlingBurstLimit: BURST },
        tags,
      },
    }),
  ];
}
