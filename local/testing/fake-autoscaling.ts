/** A small fake of Application Auto Scaling, which the emulator does not support. It also answers STS, which the reconciler calls. */
import { createServer } from 'node:http';
import { listen } from '../../tools/ports.ts';
import { type Fields, isFields } from '../fields.ts';

export interface FakeAutoscaling {
  readonly endpoint: string;
  /** The calls that change something: operation and body. */
  readonly calls: { operation: string; input: Fields }[];
  close(): Promise<void>;
}

const IDENTITY =
  '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
  '<Account>000000000000</Account></GetCallerIdentityResult></GetCallerIdentityResponse>';

function answerTo(
  operation: string,
  input: Fields,
  targets: Map<string, Fields>,
  policies: Map<string, Fields>,
): Fields {
  const id = String(
    input['ResourceId'] ?? (Array.isArray(input['ResourceIds']) ? input['ResourceIds'][0] : ''),
  );
  switch (operation) {
    case 'RegisterScalableTarget':
      targets.set(id, {
        ...targets.get(id),
        ...input,
        ScalableTargetARN: `arn:target/${id}`,
        CreationTime: 0,
      });
      return { ScalableTargetARN: `arn:target/${id}` };
    case 'DeregisterScalableTarget':
      targets.delete(id);
      return {};
    case 'DescribeScalableTargets':
      return { ScalableTargets: [...targets.values()].filter((target) => target['ResourceId'] === id) };
    case 'PutScalingPolicy':
      policies.set(id, { ...input, PolicyARN: `arn:policy/${id}`, CreationTime: 0 });
      return { PolicyARN: `arn:policy/${id}`, Alarms: [] };
    case 'DeleteScalingPolicy':
      policies.delete(id);
      return {};
    case 'DescribeScalingPolicies':
      return { ScalingPolicies: [...policies.values()].filter((policy) => policy['ResourceId'] === id) };
    case 'ListTagsForResource':
      return { Tags: {} };
    default:
      throw new Error(`the fake has no ${operation}`);
  }
}

/** Starts the fake on a free port of loopback. */
export async function startFakeAutoscaling(): Promise<FakeAutoscaling> {
  const calls: FakeAutoscaling['calls'] = [];
  const targets = new Map<string, Fields>();
  const policies = new Map<string, Fields>();
  const server = createServer(async (request, response) => {
    const target = request.headers['x-amz-target'];
    let body = '';
    for await (const chunk of request) body += chunk;
    if (typeof target !== 'string') return void response.setHeader('content-type', 'text/xml').end(IDENTITY);
    const operation = target.split('.').at(-1) ?? '';
    const input: unknown = JSON.parse(body);
    if (!isFields(input)) throw new Error(`${operation} came without an input`);
    if (!/^(Describe|List)/.test(operation)) calls.push({ operation, input });
    const answer = JSON.stringify(answerTo(operation, input, targets, policies));
    response.setHeader('content-type', 'application/x-amz-json-1.1').end(answer);
  });
  const { url, stop } = await listen(server);
  return { endpoint: url, calls, close: stop };
}
