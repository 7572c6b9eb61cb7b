/** What several GitOps scenarios do with claims. */
import { stringAt } from '../../../function/src/objects.ts';
import type { Clients } from '../../../local/aws.ts';
import type { KubeObject } from '../../../tools/cluster.ts';
import { recordFiles } from '../../scenarios/claims.ts';
import { composedBy, externalNameOf, isTrue, keyOf, untilClaim, untilReady } from '../../stage.ts';
import { LIVE_MS } from '../../waits.ts';
import type { Environment } from '../environments.ts';
import type { GitOpsStage } from '../stage.ts';

type Where = Pick<Environment, 'namespace'>;

/** Waits until git has brought a claim into an environment and it is ready. */
export async function untilLive(stage: GitOpsStage, { namespace }: Where, name: string): Promise<KubeObject> {
  return untilReady(await stage.claims(), { name, namespace }, LIVE_MS);
}

/** Waits until a claim of an environment, or what it is made of, satisfies a condition. */
export async function untilIn<T>(
  stage: GitOpsStage,
  { namespace }: Where,
  name: string,
  otherwise: string,
  holds: (claim: KubeObject | undefined) => T | undefined,
): Promise<T> {
  const why = () => `${namespace}/${name}: ${otherwise}`;
  return untilClaim(await stage.claims(), { name, namespace }, holds, why, LIVE_MS);
}

/** Waits until a claim takes files; what takes longest to make, such as the bucket's lifecycle, may still be on its way. */
export const untilTaking = (stage: GitOpsStage, env: Where, name: string): Promise<KubeObject> =>
  untilIn(stage, env, name, 'it takes no files', (claim) =>
    isTrue(claim, 'TriggerReady') && isTrue(claim, 'CodeReady') ? claim : undefined,
  );

/** The claim as it is now. */
export async function claimIn(
  stage: GitOpsStage,
  { namespace }: Where,
  name: string,
): Promise<KubeObject | undefined> {
  return (await stage.claims()).pipelines.get({ name, namespace });
}

/** AWS as a claim uses it. */
export const awsOf = (stage: GitOpsStage, claim: KubeObject): Clients =>
  stage.clients(stringAt(claim, 'spec', 'region') ?? '');

/** Uploads one file to a claim's bucket and waits for its item. */
export async function recordOne(stage: GitOpsStage, claim: KubeObject, file: string): Promise<void> {
  const prefix = stringAt(claim, 'spec', 'source', 'prefix') ?? '';
  await recordFiles({ clients: awsOf(stage, claim) }, claim, [`${prefix}${file}`]);
}

/** The one Lambda function of a claim of RecordFile with execution Direct, as AWS has it. */
export async function lambdaOf(stage: GitOpsStage, claim: KubeObject) {
  const resource = composedBy(await stage.claims(), claim).find(
    (one) => one.kind === 'Function' && !keyOf(one).includes('code'),
  );
  const FunctionName = externalNameOf(resource);
  if (FunctionName === undefined) throw new Error(`${claim.metadata.name} has no Lambda function`);
  return awsOf(stage, claim).lambda.getFunctionConfiguration({ FunctionName });
}
