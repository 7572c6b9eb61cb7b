/**
 * `make images` prints what an installation, a build of the packages or an end-to-end run on kind pulls, for a tool that mirrors it. With IMAGES or
 * IMAGE_MIRROR, it prints from where, too, and what leads the installation there.
 */

import { isAbsolute, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../tools/errors.ts';
import { oneOf } from '../tools/options.ts';
import { manifestText } from '../tools/yaml.ts';
import { INSTALL, USES } from './images/catalogue.ts';
import { argocdKustomization, imageConfigs } from './images/means.ts';
import { fullRepository, parseReference } from './images/reference.ts';
import { imageOf, type Placed, readImages } from './images/settings.ts';

const HELP = `Usage: make images [IMAGE_MIRROR=registry/path] [IMAGES=file.yaml] [ARGS='…']

Prints each image and package that is pulled on a line of its own, by its digest where one is pinned, else by its tag. With IMAGE_MIRROR
or IMAGES, the line has a second word: the name to give the copy. What is no image is said on the standard error output.

  --for USE        only what is pulled for it: ${USES.join(', ')}
  --json           everything, also the chart and the manifest, with what it is for and how it is replaced
  --image-configs  the ImageConfigs that lead Crossplane to the mirror
  --argocd         argocd/install/kustomization.yaml for the mirror
`;

/** Mirroring tools take a tag or a digest, not both. */
function forTool(name: string, prefer: 'digest' | 'tag'): string {
  const { repository = name, tag, digest } = parseReference(name) ?? {};
  const [byTag, byDigest] = [tag && `:${tag}`, digest && `@${digest}`];
  return `${fullRepository(repository)}${(prefer === 'tag' ? (byTag ?? byDigest) : (byDigest ?? byTag)) ?? ''}`;
}

const isImage = ({ by }: Placed) => by !== 'chart' && by !== 'resource';

/** The lines for a mirroring tool, each image once: its name, and the name of its copy where it has one. */
export function mirrorLines(images: readonly Placed[]): string[] {
  const lines = images.filter(isImage).map(({ source, target, setBy }) => {
    const from = forTool(source, 'digest');
    return setBy === undefined ? from : `${from} ${forTool(target, 'tag')}`;
  });
  return [...new Set(lines)];
}

/** What no registry has by itself, a line each, for a person. */
export function otherLines(images: readonly Placed[]): string[] {
  return images
    .filter((image) => !isImage(image))
    .map(({ name, source, target, chart, setBy }) => {
      const version = chart ? ` ${chart.name} ${chart.version}` : '';
      return `not an image: ${name}: ${source}${version}${setBy === undefined ? '' : `, from ${target}`}`;
    });
}

function needed<T>(value: T | undefined, option: string): T {
  if (value !== undefined) return value;
  throw new Error(`${option}: Forbidden: nothing is replaced. Set IMAGE_MIRROR or IMAGES.`);
}

function main(): void {
  const flag = { type: 'boolean' } as const;
  const { values } = parseArgs({
    options: { for: { type: 'string' }, json: flag, 'image-configs': flag, argocd: flag, help: flag },
  });
  if (values.help) return void process.stdout.write(HELP);
  const use = values.for === undefined ? undefined : oneOf('--for', values.for, USES);
  const all = readImages(process.env);
  const images = all.filter((image) => use === undefined || image.for.includes(use));
  if (values['image-configs']) {
    const configs = imageConfigs(images);
    console.log(
      needed(configs.length > 0 ? configs : undefined, '--image-configs')
        .map(manifestText)
        .join('---\n')
        .trimEnd(),
    );
  } else if (values.argocd) {
    const { target } = imageOf(all, 'argocd-manifests');
    const manifest = isAbsolute(target) ? relative(INSTALL, target) : target;
    console.log(manifestText(needed(argocdKustomization(all, manifest), '--argocd')).trimEnd());
  } else if (values.json) {
    console.log(JSON.stringify(images, null, 2));
  } else {
    for (const line of mirrorLines(images)) console.log(line);
    for (const line of otherLines(images)) console.error(line);
  }
}

if (import.meta.main)
  try {
    main();
  } catch (error) {
    console.error(`make images: ${messageOf(error)}`);
    process.exitCode = 1;
  }
