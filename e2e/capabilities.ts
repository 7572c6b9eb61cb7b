/** Which emulator can do what. A scenario that needs what an emulator lacks is skipped by name, with the reason. */
import type { Ability } from './scenario.ts';

export type EmulatorName = 'ministack' | 'localstack';

/** Absent: it can. Present: why it cannot. */
const LACKS: Record<EmulatorName, Partial<Record<Ability, string>>> = {
  ministack: {
    autoscaling: 'MiniStack 1.5.33 refuses Application Auto Scaling',
  },
  localstack: {
    autoscaling: "LocalStack's free edition has no Application Auto Scaling",
    httpApi: "LocalStack's free edition has no HTTP API",
    parity: '`make run` is on MiniStack, so only MiniStack can be compared with it',
  },
};

/** Why an emulator cannot do something; undefined when it can. */
export function lacks(emulator: EmulatorName, ability: Ability): string | undefined {
  return LACKS[emulator][ability];
}
