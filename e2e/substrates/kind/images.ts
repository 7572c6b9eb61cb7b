/** Images that are not the public ones: whether they are to be had. */
import { imageOf, type Placed } from '../../../argocd/images/settings.ts';
import { messageOf } from '../../../tools/errors.ts';
import type { EmulatorName } from '../../capabilities.ts';
import { docker } from './containers.ts';
import { type Run, succeeds } from './run.ts';

/** What Docker pulls for a cluster with an emulator, by the names of `argocd/images.yaml`. */
const pulledByDocker = (emulator: EmulatorName): string[] => [
  ...['kind-node', 'registry', 'node', 'debian'],
  ...(emulator === 'ministack' ? ['python'] : ['localstack', 'lambda-nodejs']),
];

const minorOf = (image: string) => /:v?(\d+\.\d+)\.\d+/.exec(image)?.[1];

/** @throws when the node's image says that it is of another Kubernetes than the one that kubectl is of. */
function checkNode({ source, target, setBy }: Placed): void {
  const [ours, theirs] = [minorOf(source), minorOf(target)];
  if (theirs !== undefined && theirs !== ours)
    throw new Error(
      `${setBy}: Invalid value: "${target}": must be of Kubernetes ${ours}, as ${source} is. Name an image of that version.`,
    );
}

/**
 * Has Docker pull the images that are not the public ones, so that one that is missing is told of before anything is made. One that
 * is on this machine need not be in a registry.
 *
 * @throws naming the setting, the image and the fix.
 */
export async function pullReplaced(
  run: Run,
  images: readonly Placed[],
  emulator: EmulatorName,
): Promise<void> {
  checkNode(imageOf(images, 'kind-node'));
  for (const { source, target, setBy } of pulledByDocker(emulator).map((name) => imageOf(images, name))) {
    if (setBy === undefined) continue;
    if (await succeeds(run, docker('image', 'inspect', '--format', '{{.Id}}', target))) continue;
    await run(docker('pull', '--quiet', target)).catch((error: unknown) => {
      throw new Error(
        `${setBy}: Invalid value: "${target}": cannot be pulled. Copy ${source} there, or name another image in IMAGES. ${messageOf(error)}`,
      );
    });
  }
}
