import { expect, it } from 'vitest';
import { summaryOf } from './summary.ts';

it('names what passed, what failed and what was skipped, and counts them on a line of its own', () => {
  const summary = summaryOf([
    { name: 'examples', title: 'files are recorded', result: 'passed', seconds: 61.4, lines: ['9 files'] },
    { name: 'drift', title: 'drift is healed', result: 'failed', seconds: 9, lines: ['not healed\nin 90 s'] },
    { name: 'parity', title: 'the same in AWS', result: 'skipped', seconds: 0, lines: ['only on MiniStack'] },
  ]);
  expect(summary).toBe(`passed  examples    61 s  files are recorded
        9 files
FAILED  drift        9 s  drift is healed
        not healed
        in 90 s
skipped parity       0 s  the same in AWS
        only on MiniStack

1 passed, 1 failed, 1 skipped`);
});
