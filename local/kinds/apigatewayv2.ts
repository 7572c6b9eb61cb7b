/** HTTP APIs of API Gateway: what their table does not say. */
import * as sdk from '@aws-sdk/client-apigatewayv2';
import type { Clients } from '../aws.ts';
import { at, type Fields } from '../fields.ts';
import { kindsOf } from './table.ts';

/** API Gateway's ARNs have no account: `arn:aws:apigateway:<region>::/apis/<id>`, then the path of a part. */
export function gatewayArn({ region }: Clients, ...path: string[]): string {
  return `arn:aws:apigateway:${region}::/${path.join('/')}`;
}

/** Without CORS where no origin is allowed. The provider says what is off, too. */
function withCors({ CorsConfiguration: cors, ...others }: Fields): Fields {
  const origins = at({ cors }, 'cors.AllowOrigins');
  if (!Array.isArray(origins) || origins.length === 0) return others;
  const off = { AllowCredentials: false, ExposeHeaders: [] };
  return { ...others, CorsConfiguration: { ...Object(cors), ...off } };
}

export const apiKinds = kindsOf('apigatewayv2.yaml', sdk, {
  API: ({ send, to, whole, tagged }) => ({
    async create(subject) {
      const { ApiId } = await send(subject, 'createApi', {
        ...withCors(whole(subject)),
        ...tagged(subject.spec),
      });
      return ApiId;
    },
    async update(subject, changed) {
      const { clients, name: ApiId, spec } = subject;
      const { ProtocolType: _, ...configuration } = withCors(to(spec));
      // UpdateApi replaces the CORS settings, and only their own call takes them away.
      if (changed.has('corsConfiguration') && !('CorsConfiguration' in configuration)) {
        await clients.apigateway.deleteCorsConfiguration({ ApiId });
      }
      await send(subject, 'updateApi', { ApiId, ...configuration });
    },
  }),
});
