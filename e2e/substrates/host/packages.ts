/**
 * The packages in a registry on loopback: ours, and the provider's family members as far as a control plane of plain
 * processes needs them: their custom resource definitions, from the provider's own Go module, under their own names.
 */

import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../../tools/command.ts';
import { eachOf } from '../../../tools/parallel.ts';
import { manifestText } from '../../../tools/yaml.ts';
import { pathOf } from '../packages.ts';

/** Pushes a package file under the path and tag of an image, whatever host the image's name has. */
export async function pushPackage(
  crossplane: string,
  registry: string,
  file: string,
  image: string,
): Promise<void> {
  await runCommand(crossplane, ['xpkg', 'push', '--package-files', file, `${registry}/${pathOf(image)}`]);
}

const FAMILY = 'provider-family-aws';

/** The API groups of a family member, as its definitions' files are named: `provider-aws-s3` holds `s3.aws.m.upbound.io`. */
const groupsOf = (member: string): string[] =>
  member === FAMILY
    ? ['aws.m.upbound.io', 'aws.upbound.io']
    : [`${member.replace(/^provider-aws-/, '')}.aws.m.upbound.io`];

/**
 * Builds and pushes the family members. Their processes run beside, as one.
 *
 * @param source - the folder `package/crds` of the provider's Go module.
 * @param images - names with tags, such as `xpkg.upbound.io/upbound/provider-aws-s3:v2.5.0`.
 */
export async function pushProviderPackages(
  crossplane: string,
  registry: string,
  source: string,
  folder: string,
  images: readonly string[],
): Promise<void> {
  const files = readdirSync(source);
  await eachOf(images, 2, async (image) => {
    const member = /\/([^/:]+):/.exec(image)?.[1] ?? '';
    const definitions = groupsOf(member).flatMap((group) =>
      files.filter((file) => file.startsWith(`${group}_`)),
    );
    if (definitions.length === 0) throw new Error(`${image}: ${source} has no definitions for it`);
    const root = join(folder, member);
    rmSync(root, { recursive: true, force: true });
    mkdirSync(root, { recursive: true });
    for (const file of definitions) cpSync(join(source, file), join(root, file));
    const labels = member !== FAMILY && { labels: { 'pkg.crossplane.io/provider-family': FAMILY } };
    const meta = {
      apiVersion: 'meta.pkg.crossplane.io/v1',
      kind: 'Provider',
      metadata: { name: member, ...labels },
      spec: { capabilities: ['safe-start'] },
    };
    writeFileSync(join(root, 'crossplane.yaml'), manifestText(meta));
    const file = join(folder, `${member}.xpkg`);
    await runCommand(crossplane, ['xpkg', 'build', '--package-root', root, '--package-file', file]);
    await pushPackage(crossplane, registry, file, image);
  });
}
