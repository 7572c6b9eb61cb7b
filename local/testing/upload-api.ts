import {
  ApiGatewayV2,
  AuthorizationType,
  AuthorizerType,
  IntegrationType,
  ProtocolType,
} from '@aws-sdk/client-apigatewayv2';
import type { DynamoDB } from '@aws-sdk/client-dynamodb';
import { IAM } from '@aws-sdk/client-iam';
import { waitUntilFunctionActiveV2 } from '@aws-sdk/client-lambda';
import { bundleHandler } from '../../lambda/build.ts';
import { apiEnv } from '../../lambda/testing/upload-api.ts';
import { zipFiles } from '../../lambda/zip.ts';
import type { Clients } from '../aws.ts';
import type { Emulator } from '../emulator.ts';
import { trust } from './manifests.ts';

/** Creates the bucket and the table of `apiEnv`. */
export async function makeStorage({ s3, dynamodb }: Pick<Clients, 's3' | 'dynamodb'>): Promise<void> {
  const { BUCKET, TABLE_NAME } = apiEnv();
  await s3.createBucket({ Bucket: BUCKET });
  await dynamodb.createTable({
    TableName: TABLE_NAME,
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  });
}

/** Sets string attributes in an upload's row, like the later functions do. */
export async function moveOn(
  dynamodb: DynamoDB,
  id: string,
  attributes: Record<string, string>,
): Promise<void> {
  const names = Object.keys(attributes);
  await dynamodb.updateItem({
    TableName: apiEnv()['TABLE_NAME'],
    Key: { id: { S: id } },
    UpdateExpression: `SET ${names.map((_, index) => `#${index} = :${index}`).join(', ')}`,
    ExpressionAttributeNames: Object.fromEntries(names.map((name, index) => [`#${index}`, name])),
    ExpressionAttributeValues: Object.fromEntries(
      Object.values(attributes).map((S, index) => [`:${index}`, { S }]),
    ),
  });
}

/** Creates a role that Lambda can assume. Resolves to its ARN. */
async function roleOf(iam: IAM, RoleName: string): Promise<string | undefined> {
  const AssumeRolePolicyDocument = trust('lambda.amazonaws.com');
  const { Role } = await iam.createRole({ RoleName, AssumeRolePolicyDocument });
  iam.destroy();
  return Role?.Arn;
}

/** The issuer of tokens that API Gateway accepts. */
export interface Issuer {
  readonly issuer: string;
  readonly audience: string;
}

/**
 * Creates a function with the bundle and an HTTP API for it, in the emulator. Resolves to the page's address. Its host name differs
 * from the bucket's, so the browser treats them as different origins.
 */
export async function startApi(
  emulator: Emulator,
  lambda: Clients['lambda'],
  name: string,
  env: Record<string, string>,
  issuer?: Issuer,
): Promise<string> {
  const { endpoint, region, port } = emulator;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const { FunctionArn } = await lambda.createFunction({
    FunctionName: name,
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Role: await roleOf(new IAM({ endpoint, region, credentials }), name),
    Timeout: 30,
    Code: { ZipFile: zipFiles({ 'index.mjs': await bundleHandler('upload-api') }) },
    Environment: { Variables: { ...env, AWS_ENDPOINT_URL: emulator.endpoint } },
  });
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 30 }, { FunctionName: name });

  const gateway = new ApiGatewayV2({ endpoint, region, credentials });
  const { ApiId } = await gateway.createApi({ Name: name, ProtocolType: ProtocolType.HTTP });
  const { IntegrationId } = await gateway.createIntegration({
    ApiId,
    IntegrationType: IntegrationType.AWS_PROXY,
    IntegrationUri: FunctionArn,
    PayloadFormatVersion: '2.0',
  });
  const guard =
    issuer &&
    (await gateway.createAuthorizer({
      ApiId,
      Name: 'tokens',
      AuthorizerType: AuthorizerType.JWT,
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Issuer: issuer.issuer, Audience: [issuer.audience] },
    }));
  for (const RouteKey of ['GET /', 'POST /uploads', 'GET /uploads/{id}', '$default']) {
    const isGuarded = guard && RouteKey.includes('/uploads');
    const AuthorizationOf = isGuarded
      ? { AuthorizationType: AuthorizationType.JWT, AuthorizerId: guard.AuthorizerId }
      : {};
    const Target = `integrations/${IntegrationId}`;
    await gateway.createRoute({ ApiId, RouteKey, Target, ...AuthorizationOf });
  }
  await gateway.createStage({ ApiId, StageName: 'live', AutoDeploy: true });
  gateway.destroy();
  return `http://localhost:${port}/_aws/execute-api/${ApiId}/live/`;
}
