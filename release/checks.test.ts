import { expect, it } from 'vitest';
import { type Facts, isPrerelease, problems, sectionOf } from './checks.ts';

const CHANGELOG = `# Changelog

## Unreleased

## 1.3.0 - 2030-01-02

### Added

- This.

## 1.3.0-rc.1 - 2030-01-01

## 0.1.0

- The first.
`;

const GOOD: Facts = {
  tag: 'v1.3.0',
  version: '1.3.0',
  changelog: CHANGELOG,
  isOnMain: true,
  registry: 'ghcr.io/acme',
  named: 'ghcr.io/acme',
  published: [],
};

it('finds nothing wrong with a release that is ready', () => {
  expect(problems(GOOD)).toEqual([]);
});

it.each<{ why: string; facts: Partial<Facts>; says: readonly string[] }>([
  {
    why: 'another tag',
    facts: { tag: 'v1.2.9' },
    says: [
      'tag: Invalid value: "v1.2.9": must be v1.3.0, the version in package.json. Run `make bump` before you tag.',
    ],
  },
  {
    why: 'nothing in the changelog',
    facts: { tag: 'v1.4.0', version: '1.4.0' },
    says: ['CHANGELOG.md: Required value: has no "## 1.4.0 - <date>". `make bump` writes it.'],
  },
  {
    why: 'nothing new',
    facts: { tag: 'v1.3.0-rc.1', version: '1.3.0-rc.1' },
    says: ['CHANGELOG.md: Required value: nothing is under "## 1.3.0-rc.1". Say what is new.'],
  },
  {
    why: 'a commit beside main',
    facts: { isOnMain: false },
    says: [
      'v1.3.0: Forbidden: its commit is not on main. Merge it, delete the tag, and tag the commit on main.',
    ],
  },
  {
    why: 'manifests that name what is published elsewhere',
    facts: { named: 'ghcr.io/fileingest' },
    says: [
      'registry: Invalid value: "ghcr.io/fileingest": must be ghcr.io/acme, where this repository can push. ' +
        'Run `git grep -lz ghcr.io/fileingest | xargs -0 sed -i s,ghcr.io/fileingest,ghcr.io/acme,g`, and commit.',
    ],
  },
  {
    why: 'a version that is there',
    facts: { published: ['ghcr.io/acme/function-fileingest:v1.3.0', 'release v1.3.0'] },
    says: [
      'ghcr.io/acme/function-fileingest:v1.3.0: Forbidden: is published already, and is never overwritten. Release a new patch version.',
      'release v1.3.0: Forbidden: is published already, and is never overwritten. Release a new patch version.',
    ],
  },
  {
    why: 'all that is wrong at once',
    facts: { tag: 'main', version: '9.9.9', isOnMain: false },
    says: [
      expect.stringMatching(/^tag: Invalid value: "main": must be v9\.9\.9,/),
      expect.stringMatching(/^CHANGELOG\.md: Required value: has no "## 9\.9\.9 /),
      expect.stringMatching(/^main: Forbidden: its commit is not on main/),
    ],
  },
])('refuses $why', ({ facts, says }) => {
  expect(problems({ ...GOOD, ...facts })).toEqual(says);
});

it.each([
  ['1.3.0', '### Added\n\n- This.'],
  ['1.3.0-rc.1', ''],
  ['0.1.0', '- The first.'],
  ['1.3', undefined],
  ['0', undefined],
])('the section of %s is the text under its heading, to the next one', (version, text) => {
  expect(sectionOf(CHANGELOG, version)).toBe(text);
});

it('a candidate is a prerelease', () => {
  expect([isPrerelease('1.3.0'), isPrerelease('1.3.0-rc.1')]).toEqual([false, true]);
});
