/** What the other scenarios made and deleted is gone from AWS, but for what was to stay. */
import { identityOf, namesOf } from '../../function/src/names.ts';
import { stringAt } from '../../function/src/objects.ts';
import { completeSpec } from '../../function/src/read-spec.ts';
import { inventory, ofClaim } from '../aws-inventory.ts';
import { expectNone, type Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  name: 'cleanup',
  title: 'all claims of the other scenarios are deleted, and nothing of them is left',
  needs: [],
  run: async (stage) => {
    await Promise.all(stage.discarded.map(({ gone }) => gone));
    const all = await inventory(stage.clients);
    const kept: string[] = [];
    for (const { claim, names } of stage.discarded) {
      const left = ofClaim(all, identityOf(claim).suffix, names);
      const { bucket, destinationBucket, table } = namesOf(identityOf(claim), completeSpec(claim));
      const data = [`bucket ${bucket}`, `bucket ${destinationBucket}`, `table ${table}`];
      const retains = stringAt(claim, 'spec', 'dataRetention') !== 'Delete';
      const wrong = left.filter((name) => !retains || !data.includes(name));
      expectNone(wrong, `${claim.metadata.name} was deleted, and left`);
      kept.push(...left);
    }
    return [
      `${stage.discarded.length} claims deleted; ${kept.length} buckets and tables kept as dataRetention asks, nothing else`,
    ];
  },
};
