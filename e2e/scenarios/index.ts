/** All scenarios, in the order in which they are run. */
import type { Scenario } from '../scenario.ts';
import { scenario as cleanup } from './cleanup.ts';
import { scenario as deletion } from './deletion.ts';
import { scenario as drift } from './drift.ts';
import { scenario as examples } from './examples.ts';
import { scenario as flaps } from './flaps.ts';
import { scenario as many } from './many.ts';
import { scenario as network } from './network.ts';
import { scenario as ownership } from './ownership.ts';
import { scenario as parity } from './parity.ts';
import { scenario as permissions } from './permissions.ts';
import { scenario as refusals } from './refusals.ts';
import { scenario as resources } from './resources.ts';
import { scenario as restore } from './restore.ts';
import { scenario as rollout } from './rollout.ts';
import { scenario as stock } from './stock.ts';
import { scenario as upgrade } from './upgrade.ts';

export const SCENARIOS: readonly Scenario[] = [
  examples,
  resources,
  refusals,
  network,
  rollout,
  drift,
  flaps,
  stock,
  deletion,
  ownership,
  restore,
  many,
  parity,
  upgrade,
  cleanup,
  permissions,
];
