import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { imageOf, type Placed, readImages } from '../../../argocd/images/settings.ts';
import type { EmulatorName } from '../../capabilities.ts';
import { baseArguments } from './bases.ts';
import { pullReplaced } from './images.ts';
import { BUILT, ROOT } from './names.ts';
import type { Run } from './run.ts';

const MIRROR = 'registry.example.com/mirror';
const PUBLIC = readImages({});
const MIRRORED = readImages({ IMAGE_MIRROR: MIRROR });

/** The public images, but one. */
const replaced = (name: string, target: string) =>
  PUBLIC.map((image) => (image.name === name ? { ...image, target, setBy: `IMAGES: ${name}` } : image));

/** What Docker pulls that has none or all of the images. */
async function pulledOf(images: readonly Placed[], hasAll = false, emulator: EmulatorName = 'ministack') {
  const pulled: (string | undefined)[] = [];
  const run: Run = async ({ args }) => {
    if (args[0] === 'pull') pulled.push(args.at(-1));
    else if (!hasAll) throw new Error('No such image');
    return { stdout: '', stderr: '' };
  };
  await pullReplaced(run, images, emulator);
  return pulled;
}

it('pulls what is neither public nor here, for one emulator or the other', async () => {
  expect(await pulledOf(PUBLIC)).toEqual([]);
  expect(await pulledOf(MIRRORED, true)).toEqual([]);
  const pulled = [...(await pulledOf(MIRRORED)), ...(await pulledOf(MIRRORED, false, 'localstack'))];
  const wanted = MIRRORED.filter((image) => image.for.includes('e2e') && image.by === 'name');
  expect(new Set(pulled)).toEqual(new Set(wanted.map(({ target }) => target)));
});

it('names the setting of an image that cannot be pulled', async () => {
  const fail = () => Promise.reject(new Error('manifest unknown'));
  await expect(pullReplaced(fail, replaced('registry', 'a.b/registry:3'), 'ministack')).rejects.toThrow(
    `IMAGES: registry: Invalid value: "a.b/registry:3": cannot be pulled. Copy ${imageOf(PUBLIC, 'registry').source} there, or name another image in IMAGES. manifest unknown`,
  );
});

it('takes no node of another Kubernetes', async () => {
  await expect(pulledOf(replaced('kind-node', 'kindest/node:v1.29.4'))).rejects.toThrow(
    /^IMAGES: kind-node: Invalid value: "kindest\/node:v1\.29\.4": must be of Kubernetes 1\.34, as kindest\/node:v1\.34\.\S+ is\. Name an image of that version\.$/,
  );
  for (const node of ['kindest/node:v1.34.99', `kindest/node@sha256:${'a'.repeat(64)}`, 'mine/node:latest'])
    expect(await pulledOf(replaced('kind-node', node))).toEqual([node]);
});

const built = Object.keys(BUILT).map((name) => `e2e/substrates/kind/images/${name}.Dockerfile`);

it.each(['function/Dockerfile', ...built])('%s begins from the images that are set', (file) => {
  const dockerfile = readFileSync(join(ROOT, file), 'utf8');
  const bases = [...dockerfile.matchAll(/^ARG (\w+_IMAGE=)(\S+)/gm)];
  expect(bases.length).toBeGreaterThan(0);
  expect(baseArguments(MIRRORED, dockerfile)).toEqual(
    bases.flatMap(([, argument, image]) => ['--build-arg', `${argument}${MIRROR}/library/${image}`]),
  );
  expect(baseArguments(PUBLIC, dockerfile)).toEqual([]);
});
