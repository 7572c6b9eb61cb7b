/** Builds the claim's status and conditions from the observed resources. It writes only our own fields. */
import { getCondition } from '@crossplane-org/function-sdk-typescript';
import type { Context } from './context.ts';
import type { PipelineStatus } from './generated/api.ts';
import { KEYS } from './keys.ts';
import { externalNameOf } from './names.ts';
import { at, stringAt } from './objects.ts';
import { isAbsent } from './ownership.ts';
import type { Area, Planned } from './plan.ts';
import { rememberedPlatform } from './platform.ts';
import { runningDigest } from './resources/code.ts';

/** A condition of the claim. */
export interface AreaCondition {
  readonly type: `${Area}Ready`;
  readonly status: boolean;
  readonly reason: string;
  readonly message: string;
}

const AREAS: readonly Area[] = ['Storage', 'Code', 'Workflow', 'Trigger'];

/** The reason of a condition. A reason can have only letters, so it has the kind of the resource that is waited for. */
function waitingReason(key: string | undefined, planned: readonly Planned[]): string {
  const needed = planned.find((resource) => resource.key === key);
  return `WaitingFor${needed?.kind ?? 'Account'}`;
}

/** The message for a missing EnvironmentConfig. Everything still works, so the claim stays ready. */
const PLATFORM_MISSING =
  'EnvironmentConfig fileingest is gone. Its tags, permissions boundary, alarm topic and layer stay as they were. ' +
  'Apply it again, an empty one to let go of them.';

function areaCondition(area: Area, planned: readonly Planned[], context: Context): AreaCondition {
  const type = `${area}Ready` as const;
  const here = planned.filter((resource) => resource.area === area);
  // The hold of a lookup is short. All other holds need a person, so they are reported first.
  const held = here.find(({ hold }) => hold && hold.reason !== 'LookingUp');
  if (held?.hold) return { type, status: false, ...held.hold };
  const unsynced = here.find(({ key }) => {
    const resource = context.observed[key] ?? {};
    // The lookup of a missing resource is not an error.
    return getCondition(resource, 'Synced').status === 'False' && !isAbsent(resource);
  });
  if (unsynced) {
    const { message } = getCondition(context.observed[unsynced.key] ?? {}, 'Synced');
    const name = context.names.composed(unsynced.key);
    return {
      type,
      status: false,
      reason: 'ReconcileError',
      message: `${unsynced.kind} ${name}: ${message ?? 'not synced'}`,
    };
  }
  const waiting = here.filter((resource) => resource.waitingFor.length > 0);
  // What only a person can provide is reported first: all other waiting ends without action.
  const gated = waiting.find(({ lacks, manifest }) => lacks && !manifest) ?? waiting[0];
  if (gated?.hold) return { type, status: false, ...gated.hold };
  if (gated) {
    const message = `${gated.key} waits for ${gated.waitingFor.join(', ')}`;
    const reason = gated.lacks?.reason ?? waitingReason(gated.waitingFor[0], planned);
    return { type, status: false, reason, message };
  }
  const unready = here.filter((resource) => !resource.ready).map(({ key }) => key);
  if (unready.length > 0)
    return { type, status: false, reason: 'Creating', message: `not ready: ${unready.join(', ')}` };
  if (context.platform.isMissing)
    return { type, status: true, reason: 'PlatformMissing', message: PLATFORM_MISSING };
  return { type, status: true, reason: 'Available', message: '' };
}

/** One condition for each area of the pipeline that has resources. */
export function conditions(planned: readonly Planned[], context: Context): AreaCondition[] {
  const present = AREAS.filter((area) => planned.some((resource) => resource.area === area));
  return present.map((area) => areaCondition(area, planned, context));
}

/** The lines about waiting resources. Resources that wait for the same are on one line, and many are only counted. */
function waitingLines(planned: readonly Planned[]): string[] {
  const waiting = planned.filter(({ waitingFor }) => waitingFor.length > 0);
  const groups = Map.groupBy(waiting, ({ waitingFor }) => waitingFor.join(', '));
  return [...groups].map(([reason, { length, 0: first }]) =>
    length === 1 ? `${first?.key}: ${reason}` : `${length} resources: ${reason}`,
  );
}

/** The status fields of the claim. A name appears after its resource was observed. */
export function status(planned: readonly Planned[], context: Context): PipelineStatus {
  const { observed, names } = context;
  const externalName = (key: string) => externalNameOf(observed[key]) ?? key;
  const provider = (key: string, field: string) => stringAt(observed[key], 'status', 'atProvider', field);
  const logGroups = planned
    .filter(({ kind, key }) => kind === 'Group' && at(observed[key], 'status', 'atProvider') !== undefined)
    .map(({ key }) => externalName(key));
  const functions = planned
    .filter(({ kind, key }) => kind === 'Function' && observed[key])
    .map(({ key }) => {
      const arn = provider(key, 'arn');
      const codeDigest = runningDigest(observed[key]);
      return { name: externalName(key), ...(arn && { arn }), ...(codeDigest && { codeDigest }) };
    });
  // A resource of another owner is not in the status.
  const isTold = (key: string) => observed[key] !== undefined && context.ownership[key]?.is !== 'open';
  const adopted = planned
    .filter(({ key }) => context.ownership[key]?.is === 'adopted')
    .map(({ key, kind }) => `${kind.toLowerCase()} ${externalName(key)}`);
  const stateMachine = isTold(KEYS.stateMachine) ? provider(KEYS.stateMachine, 'arn') : undefined;
  const deadLetterQueue = provider(KEYS.deadLetterQueue, 'url');
  const url = provider(KEYS.api, 'apiEndpoint');
  const platform = rememberedPlatform(context.platform);
  return {
    ...(isTold(KEYS.bucket) && { bucket: names.bucket }),
    ...(isTold(KEYS.destinationBucket) && { destinationBucket: names.destinationBucket }),
    ...(url && { url }),
    ...(isTold(KEYS.table) && { table: names.table }),
    ...(adopted.length > 0 && { adopted }),
    ...(stateMachine && { stateMachine }),
    ...(functions.length > 0 && { functions }),
    ...(deadLetterQueue && { deadLetterQueue }),
    ...(logGroups.length > 0 && { logGroups }),
    ...(platform && { platform }),
    waitingFor: waitingLines(planned),
  };
}
