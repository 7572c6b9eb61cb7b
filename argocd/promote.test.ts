import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('says in one line what is wrong with what it was told, and fails', () => {
  const { status, stderr, stdout } = spawnSync(process.execPath, [join(import.meta.dirname, 'promote.ts')], {
    env: { ...process.env, FROM: 'dev', TO: 'dev' },
    encoding: 'utf8',
  });
  expect([status, stdout, stderr]).toEqual([
    1,
    '',
    '\nmake promote: FROM and TO are both dev. Name two environments, such as make promote FROM=dev TO=staging.\n',
  ]);
});
