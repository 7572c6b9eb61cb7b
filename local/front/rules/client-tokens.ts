/** A client token makes `RunInstances` idempotent: a repeated request returns the same instances. */
import { ownerOf } from '../ask.ts';
import type { Call } from '../call.ts';
import { type Answer, type Ask, type Rule, refuse } from '../rule.ts';
import { texts } from '../xml.ts';

interface Launch {
  readonly parameters: string;
  /** The answer. Undefined after a failed launch: then the token can be used again. */
  readonly answer: Promise<Answer | undefined>;
}

/** All parameters except the token, sorted, since the order of an SDK is not guaranteed. */
function parametersOf(form: URLSearchParams): string {
  const kept = [...form].filter(([name]) => name !== 'ClientToken');
  return JSON.stringify(kept.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** Whether an instance of the answer was terminated. Then AWS does not return it again, but requires a new token. */
async function isEnded(answer: Answer, ask: Ask): Promise<boolean> {
  const InstanceIds = texts(answer.body.toString(), 'instanceId');
  const { Reservations = [] } = await ask.ec2.describeInstances({ InstanceIds });
  const states = Reservations.flatMap(({ Instances = [] }) => Instances.map(({ State }) => State?.Name));
  return states.length === 0 || states.some((state) => state === 'terminated');
}

/** Creates the rule of one front. It remembers the launches that it has forwarded. */
export function createClientTokens(): Rule {
  const launches = new Map<string, Launch>();

  const again = async (launch: Launch, parameters: string, ask: Ask) => {
    if (launch.parameters !== parameters) {
      return refuse(
        'IdempotentParameterMismatch',
        'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).',
      );
    }
    const answer = await launch.answer;
    if (answer === undefined) return undefined;
    return (await isEnded(answer, ask))
      ? refuse(
          'IdempotentInstanceTerminated',
          'The client token you have provided is associated with a terminated instance. Please use a different client token.',
        )
      : { answer };
  };

  const first = (key: string, parameters: string) => {
    const { promise, resolve } = Promise.withResolvers<Answer | undefined>();
    launches.set(key, { parameters, answer: promise });
    const failed = (): void => {
      launches.delete(key);
      resolve(undefined);
    };
    const after = (answer: Answer): Answer => {
      if (answer.status === 200) resolve(answer);
      else failed();
      return answer;
    };
    return { after, failed };
  };

  return {
    page: 'https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html',
    operations: ['ec2:RunInstances'],
    async judge({ accessKeyId, region, body }: Call, ask) {
      const form = new URLSearchParams(body.toString());
      const token = form.get('ClientToken');
      if (token === null) return undefined;
      const key = [ownerOf(accessKeyId), region, token].join('/');
      const parameters = parametersOf(form);
      const known = launches.get(key);
      const verdict = known && (await again(known, parameters, ask));
      return verdict ?? first(key, parameters);
    },
  };
}
