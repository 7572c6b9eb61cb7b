/** What several GitOps scenarios do with claims. */
import { EXTERNAL_NAME } from '../../../function/src/names.ts';
import { stringAt } from '../../../function/src/objects.ts';
import type { Clients } from '../../../local/aws.ts';
import { type KubeObject, until } from '../../../tools/cluster.ts';
import { recordFiles } from '../../scenarios/claims.ts';
import { composedBy, isTrue, keyOf, untilReady } from '../../stage.ts';
import { type Environment, regionOf } from '../environments.ts';
import { LIVE_MS } from '../scenario.ts';
import type { GitOpsStage } from '../stage.ts';

/** Waits until git has brought a claim into an environment and it is ready. */
export async function untilLive(
  stage: GitOpsStage,
  { namespace }: Environment,
  name: string,
): Promise<KubeObject> {
  return untilReady(await stage.claims(), { name, namespace }, LIVE_MS);
}

/** Waits until a claim takes files; what takes longest to make, such as the bucket's lifecycle, may still be on its way. */
export function untilTaking(stage: GitOpsStage, env: Environment, name: string): Promise<KubeObject> {
  return untilClaim(
    ...([stage, env, name] as const),
    (claim) => (isTrue(claim, 'TriggerReady') && isTrue(claim, 'CodeReady') ? claim : undefined),
    'it takes no files',
  );
}

/** The claim as it is now. */
export async function claimIn(
  stage: GitOpsStage,
  { namespace }: Environment,
  name: string,
): Promise<KubeObject | undefined> {
  return (await stage.claims()).pipelines.get({ name, namespace });
}

/** AWS as a claim uses it. */
export const awsOf = (stage: GitOpsStage, claim: KubeObject): Clients => stage.clients(regionOf(claim));

/** Uploads one file to a claim's bucket and waits for its item. */
export async function recordOne(stage: GitOpsStage, claim: KubeObject, file: string): Promise<void> {
  const prefix = stringAt(claim, 'spec', 'source', 'prefix') ?? '';
  await recordFiles({ clients: awsOf(stage, claim) }, claim, [`${prefix}${file}`]);
}

/** Waits until a followed claim or what it is made of satisfies a condition. */
export async function untilClaim<T>(
  stage: GitOpsStage,
  { namespace }: Environment,
  name: string,
  holds: (claim: KubeObject | undefined) => T | undefined,
  otherwise: string,
): Promise<T> {
  const { pipelines, managed } = await stage.claims();
  return until(
    [pipelines, ...managed],
    () => holds(pipelines.get({ name, namespace })),
    LIVE_MS,
    () => `${namespace}/${name}: ${otherwise}`,
  );
}

/** The one Lambda function of a claim of RecordFile with execution Direct, as AWS has it. */
export async function lambdaOf(stage: GitOpsStage, claim: KubeObject) {
  const { managed } = await stage.claims();
  const resource = composedBy({ managed }, claim).find(
    (one) => one.kind === 'Function' && !keyOf(one).includes('code'),
  );
  const name = stringAt(resource, 'metadata', 'annotations', EXTERNAL_NAME);
  if (name === undefined) throw new Error(`${claim.metadata.name} has no Lambda function`);
  const { lambda } = awsOf(stage, claim);
  return lambda.getFunctionConfiguration({ FunctionName: name });
}
