/** Vitest does not say that a test file is in no project: it would never run. */
import { globSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import { expect, it } from 'vitest';
import config from '../vitest.config.ts';

const ROOT = join(import.meta.dirname, '..');
const NOT_OURS = ['node_modules', '.cache', 'dist'];

it('every test file is in one project', () => {
  const files = globSync('**/*.test.ts', { cwd: ROOT, exclude: (name) => NOT_OURS.includes(name) });
  expect(files.length).toBeGreaterThan(100);
  const projects = (config.test?.projects ?? []).flatMap((project) =>
    typeof project === 'object' && 'test' in project ? [project.test ?? {}] : [],
  );
  const isIn = (file: string, globs: readonly string[] = []) => globs.some((glob) => matchesGlob(file, glob));
  const counts = files.map((file) => [
    file,
    projects.filter(({ include, exclude }) => isIn(file, include) && !isIn(file, exclude)).length,
  ]);
  expect(counts.filter(([, count]) => count !== 1)).toEqual([]);
});
