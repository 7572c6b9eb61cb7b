import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildFlags, cacheFolder, cacheKey, moduleDefinition, requiredVersion } from './cache.ts';
import { BINARIES, BINARY_NAMES, binaryOf, MODULES } from './modules.ts';

const read = (module: keyof typeof MODULES, file: string) =>
  readFileSync(join(moduleDefinition(module), file), 'utf8');

describe('the cache folder', () => {
  it.each([
    ['/var/cache', '/var/cache/fileingest/control-plane'],
    ['', join(homedir(), '.cache/fileingest/control-plane')],
    ['relative', join(homedir(), '.cache/fileingest/control-plane')],
  ])('XDG_CACHE_HOME=%s', (given, expected) => {
    expect(cacheFolder({ XDG_CACHE_HOME: given })).toBe(expected);
  });
});

describe('the key of a build', () => {
  const key = cacheKey('go.mod', 'go.sum', ['-a']);

  it('is the same for the same build', () => {
    expect(cacheKey('go.mod', 'go.sum', ['-a'])).toBe(key);
    expect(key).toMatch(/^[0-9a-f]{16}$/);
  });

  it.each([
    ['go.mod', cacheKey('other', 'go.sum', ['-a'])],
    ['go.sum', cacheKey('go.mod', 'other', ['-a'])],
    ['flags', cacheKey('go.mod', 'go.sum', ['-b'])],
    ['the border between them', cacheKey('go.modgo', '.sum', ['-a'])],
  ])('changes with %s', (_, other) => {
    expect(other).not.toBe(key);
  });
});

describe('the pins', () => {
  it.each(BINARY_NAMES)('%s is a tool of its module, whose version is pinned with its sum', (name) => {
    const binary = binaryOf(name);
    const goMod = read(binary.module, 'go.mod');
    const version = requiredVersion(goMod, MODULES[binary.module]);
    expect(goMod.split('\n').map((line) => line.replace(/^tool /, '').trim())).toContain(binary.package);
    expect(read(binary.module, 'go.sum')).toContain(`${MODULES[binary.module]} ${version} h1:`);
  });

  it('a module that is not required is an error', () => {
    expect(() => requiredVersion('module m\n\nrequire example.org/other v1.0.0\n', 'example.org')).toThrow(
      'go.mod requires no version of example.org',
    );
  });

  it('Crossplane is built with the version that packages ask for', () => {
    expect(buildFlags(BINARIES.crossplane, read('crossplane', 'go.mod'))).toEqual([
      '-mod=readonly',
      '-buildvcs=false',
      '-ldflags=-s -w -X=github.com/crossplane/crossplane-runtime/v2/pkg/version.version=v2.3.4',
    ]);
  });
});
