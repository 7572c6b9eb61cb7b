/** Which operation an HTTP call to AWS is, by AWS's own service models, which the emulator's Python packages bring. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { at, isObject, stringAt } from '../function/src/objects.ts';

/** A call as it went over the wire. */
export interface AwsCall {
  /** The signing name of the service, such as `s3` or `states`. */
  readonly service: string;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** `X-Amz-Target`, or the `Action` of a query protocol's body; empty for REST. */
  readonly operation: string;
  readonly status: number;
}

interface Route {
  readonly operation: string;
  readonly method: string;
  readonly path: RegExp;
  /** Query parameters that tell operations of one path apart, such as `versioning`. */
  readonly query: readonly string[];
}

function routesOf(venv: string, service: string): Route[] {
  const models = join(venv, `lib/python3*/site-packages/botocore/data/${service}/*/service-2.json.gz`);
  // One folder a version of the API, named by its date.
  const file = globSync(models).sort().at(-1);
  if (file === undefined) throw new Error(`${venv} has no model of ${service}: remove it and run again`);
  const model: unknown = JSON.parse(gunzipSync(readFileSync(file)).toString());
  const operations = at(model, 'operations');
  return Object.entries(isObject(operations) ? operations : {}).map(([operation, description]) => {
    const [path = '', query = ''] = (stringAt(description, 'http', 'requestUri') ?? '/').split('?');
    const pattern = path
      .replace(/\/$/, '')
      .replaceAll(/[.*^$()|[\]\\]/g, '\\$&')
      .replaceAll(/\{[^}]+\+\}/g, '.+')
      .replaceAll(/\{[^}]+\}/g, '[^/]+');
    return {
      operation,
      method: stringAt(description, 'http', 'method') ?? '',
      path: new RegExp(`^${pattern}/?$`),
      query: [...new URLSearchParams(query).keys()],
    };
  });
}

/** Models by signing names. HTTP APIs sign as API Gateway of old; S3 Control signs as S3, and has paths of its own. */
const MODELS = {
  ...{ lambda: 'lambda', s3: 's3', scheduler: 'scheduler' },
  ...{ apigateway: 'apigatewayv2', s3control: 's3control' },
};

/**
 * Reads the models.
 *
 * @param venv - the emulator's virtual environment.
 * @returns names a call as `<service> <operation>`, such as `s3 PutBucketVersioning`; throws on a call that no model knows.
 */
export function operationNames(venv: string): (call: AwsCall) => string {
  const models = Object.entries(MODELS).map(([api, model]) => [api, routesOf(venv, model)] as const);
  const routes: Record<string, Route[]> = Object.fromEntries(models);
  return ({ service, method, path, operation }) => {
    if (operation !== '') return `${service} ${operation.split('.').at(-1)}`;
    const rpc = /\/service\/[^/]+\/operation\/([^/?]+)/.exec(path)?.[1];
    if (rpc !== undefined) return `${service} ${rpc}`;
    const url = new URL(path, 'http://aws');
    // The SDK names what the path alone would not tell.
    const named = url.searchParams.get('x-id');
    if (named !== null) return `${service} ${named}`;
    const api = url.pathname.startsWith('/v20180820/') ? 's3control' : service;
    const found = (routes[api] ?? [])
      .filter((route) => route.method === method && route.path.test(url.pathname))
      .filter((route) => route.query.every((name) => url.searchParams.has(name)))
      // The most particular one: `GET /bucket?versioning` is also a `GET /bucket`.
      .sort((a, b) => b.query.length - a.query.length || a.operation.localeCompare(b.operation))[0];
    if (found === undefined) throw new Error(`${service} ${method} ${path} is no operation that is known`);
    return `${service} ${found.operation}`;
  };
}
