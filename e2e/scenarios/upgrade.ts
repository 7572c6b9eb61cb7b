/** Pipelines of the previous function package are taken over by this one, and nothing is replaced. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identityOf } from '../../function/src/names.ts';
import { partsOf } from '../../local/parts.ts';
import { differences, stateOf } from '../aws-state.ts';
import { currentRelease, previousRevision, releaseOf } from '../releases.ts';
import { DATA_PATH, expect, type Scenario } from '../scenario.ts';
import { composedBy, discard, keyOf, refOf, untilWell } from '../stage.ts';
import { claimOf, expectKept, identities, makeReady, recordFiles } from './claims.ts';

const PREVIOUS_VERSION = 'v0.0.0-previous';

export const scenario: Scenario = {
  name: 'upgrade',
  title: 'pipelines of the previous function package go on under this one',
  needs: DATA_PATH,
  run: async (stage) => {
    const revision = await previousRevision();
    const folder = mkdtempSync(join(tmpdir(), 'fileingest-previous-'));
    try {
      await stage.substrate.installFunction(await releaseOf(revision, folder, PREVIOUS_VERSION));
      const claim = await makeReady(stage, claimOf(stage, 'upgrade'));
      await recordFiles(stage, claim, ['before.txt']);
      const { bucket, table } = partsOf(claim);
      const read = () => stateOf(stage.clients, identityOf(claim).suffix, [bucket, table]);
      const before = identities(stage, claim);
      const awsBefore = await read();

      await stage.substrate.installFunction(currentRelease());
      const codeObjects = () => composedBy(stage, claim).filter((one) => keyOf(one).startsWith('code-start'));
      await untilWell(stage, refOf(claim), () => codeObjects().length === 1);
      expectKept(before, identities(stage, claim), (key) => key.startsWith('code-start'));
      const items = await recordFiles(stage, claim, ['after.txt']);
      expect(items.length === 2, `the table has ${items.length} items after the upgrade, not 2`);
      const changed = differences(awsBefore, await read());
      discard(stage, claim);
      return [
        `from ${revision}: ${before.size} managed resources kept, items kept, files recorded before and after`,
        `changed in AWS: ${changed.length === 0 ? 'nothing' : changed.map((line) => line.split(':')[0]).join(', ')}`,
      ];
    } finally {
      await stage.substrate.installFunction(currentRelease());
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
