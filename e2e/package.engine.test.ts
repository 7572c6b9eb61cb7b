/** The packages as the Crossplane CLI builds them. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildConfigurationPackage, buildFunctionPackage } from '../function/package.ts';
import { runCommand } from '../tools/command.ts';
import { BUILD_TIMEOUT_MS, ensureBinaries } from '../tools/programs/binaries.ts';
import { tell } from '../tools/terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'fileingest-packages-'));
afterAll(() => rmSync(folder, { recursive: true }));

let crossplane = '';
beforeAll(async () => {
  ({ 'crossplane-cli': crossplane } = await ensureBinaries(['crossplane-cli'], tell));
}, BUILD_TIMEOUT_MS);

it.each([
  { name: 'Configuration', build: buildConfigurationPackage, kind: 'CompositeResourceDefinition' },
  { name: 'Function', build: buildFunctionPackage, kind: 'Function' },
])('the package of the $name is an image with its manifests', async ({ name, build, kind }) => {
  const outFile = join(folder, `${name}.xpkg`);
  await build({ crossplane, version: 'v9.9.9', outFile });
  const extracted = join(folder, `${name}.gz`);
  await runCommand(crossplane, ['xpkg', 'extract', '--from-xpkg', outFile, '--output', extracted]);
  const manifests = gunzipSync(readFileSync(extracted)).toString();
  expect(manifests).toContain(`kind: ${kind}\n`);
  expect(manifests).toContain('org.opencontainers.image.version: v9.9.9');
  expect(statSync(outFile).size).toBeLessThan(100_000);
});
