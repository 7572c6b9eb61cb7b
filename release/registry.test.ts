import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { outputsOf } from './push.ts';
import { digestOf, pushPackages } from './registry.ts';
import { sign } from './sign.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fileingest-release-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A program that notes how it is called and then runs a script. */
function program(name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\necho "${name} $*" >> "${folder}/calls"\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}
const calls = () => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');
/** A registry that has what was pushed. */
const crane = () =>
  program(
    'crane',
    `grep -q "crossplane .*$2\\$" ${folder}/calls && echo sha256:1 || { echo NAME_UNKNOWN >&2; exit 1; }`,
  );

describe('digestOf', () => {
  const failing = (says: string) => program('crane', `echo '${says}' >&2; exit 1`);

  it.each([
    'Error: GET https://ghcr.io/v2/a/b/manifests/v1: MANIFEST_UNKNOWN: manifest unknown',
    'Error: GET https://ghcr.io/v2/a/b/manifests/v1: NAME_UNKNOWN: Unknown name',
    'Error: unexpected status code 404 Not Found',
  ])('takes an image for absent where the registry says so: %s', async (says) => {
    expect(await digestOf(failing(says), 'ghcr.io/a/b:v1')).toBeUndefined();
  });

  it.each(['DENIED: denied', 'dial tcp: lookup ghcr.io: no such host', 'TOOMANYREQUESTS: slow down'])(
    'does not take an image for absent where the registry does not tell: %s',
    async (says) => {
      await expect(digestOf(failing(says), 'ghcr.io/a/b:v1')).rejects.toThrow(
        `ghcr.io/a/b:v1: the registry does not tell whether it is there: \`crane digest ghcr.io/a/b:v1\` says: ${says}`,
      );
    },
  );
});

describe('pushPackages', () => {
  const push = () =>
    pushPackages(
      { crane: crane(), 'crossplane-cli': program('crossplane', '') },
      'ghcr.io/acme',
      'v1.3.0',
      (name) => [`${name}-amd64.xpkg`, `${name}-arm64.xpkg`],
      { 'org.opencontainers.image.version': 'v1.3.0' },
    );
  const PUSH = (name: string) =>
    `crossplane xpkg push --oci-annotation org.opencontainers.image.version=v1.3.0 --package-files ` +
    `${name}-amd64.xpkg,${name}-arm64.xpkg ghcr.io/acme/${name}:v1.3.0`;

  it('pushes the function and then the Configuration, and reads their digests', async () => {
    expect(await push()).toEqual(
      ['function-fileingest', 'configuration-fileingest'].map((name) => ({
        name,
        image: `ghcr.io/acme/${name}`,
        digest: 'sha256:1',
      })),
    );
    expect(calls().filter((call) => call.startsWith('crossplane'))).toEqual([
      PUSH('function-fileingest'),
      PUSH('configuration-fileingest'),
    ]);
  });

  it('pushes nothing where one of them is there', async () => {
    writeFileSync(join(folder, 'calls'), `${PUSH('configuration-fileingest')}\n`);
    await expect(push()).rejects.toThrow(
      'ghcr.io/acme/configuration-fileingest:v1.3.0: Forbidden: is published already. Nothing was pushed.',
    );
    expect(calls().filter((call) => call.startsWith('crossplane'))).toHaveLength(1);
  });
});

it('the workflow reads the digests by the names of the packages', () => {
  const pushed = {
    name: 'function-fileingest',
    image: 'ghcr.io/acme/function-fileingest',
    digest: 'sha256:1',
  };
  expect(outputsOf([pushed])).toBe('function-fileingest=sha256:1\n');
});

it('signs digests only, in the format that Crossplane reads', async () => {
  const cosign = program('cosign', '');
  await expect(sign(cosign, 'ghcr.io/acme/function-fileingest:v1.3.0')).rejects.toThrow('must have a digest');
  await sign(cosign, 'ghcr.io/acme/function-fileingest@sha256:1');
  expect(calls()).toEqual([
    'cosign sign --yes --new-bundle-format=false --use-signing-config=false ghcr.io/acme/function-fileingest@sha256:1',
  ]);
});
