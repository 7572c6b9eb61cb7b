/** Which emulator can do what. A scenario that needs what an emulator lacks is skipped by name, with the reason. */

/** What an emulator can do, or cannot. */
export type Ability =
  /** Alarms can be made by the provider, which speaks RPC v2 CBOR. */
  | 'alarms'
  /** DynamoDB's provisioned capacity is scaled by Application Auto Scaling. */
  | 'autoscaling'
  /** HTTP APIs are served: the upload API of RunScript. */
  | 'httpApi'
  /** Lambda functions really run. */
  | 'lambda'
  /** The emulator's state can be compared with that of `make run`, which is on the same emulator. */
  | 'parity';

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
