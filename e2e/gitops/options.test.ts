import { describe, expect, it } from 'vitest';
import { readGitOpsOptions } from './options.ts';

const KNOWN = ['waves', 'live'];
const read = (env: NodeJS.ProcessEnv) => readGitOpsOptions(env, KNOWN);

describe('options of make e2e-gitops', () => {
  it('are kind with LocalStack and all scenarios, where nothing is said', () => {
    expect(read({})).toEqual({ substrate: 'kind', emulator: 'localstack', keep: false, only: [] });
    expect(read({ SUBSTRATE: '', SCENARIOS: '', PICTURES: '' })).toEqual(read({}));
  });

  it('are MiniStack on plain processes, and what else is said', () => {
    const env = { SUBSTRATE: 'host', KEEP: '1', SCENARIOS: 'live', PICTURES: 'docs/pictures' };
    expect(read(env)).toEqual({
      ...{ substrate: 'host', emulator: 'ministack', keep: true },
      ...{ only: ['live'], pictures: 'docs/pictures' },
    });
  });

  it.each([
    [{ SUBSTRATE: 'vm' }, 'SUBSTRATE=vm'],
    [{ SCENARIOS: 'live,alive' }, 'alive'],
    [{ PICTURES: 'docs' }, 'PICTURES=docs needs SUBSTRATE=host'],
  ])('%j is refused by name', (env, message) => {
    expect(() => read(env)).toThrow(message);
  });
});
