/** The images that Dockerfiles begin from. */
import { imageOf, type Placed } from '../../../argocd/images/settings.ts';

/** The names of `argocd/images.yaml` that Dockerfiles begin from, by the build argument that replaces each. */
const BASES = { NODE_IMAGE: 'node', BASE_IMAGE: 'debian', PYTHON_IMAGE: 'python' } as const;

/**
 * Words of `docker build` for the images that a Dockerfile begins from, where they are not the public ones.
 *
 * @param dockerfile - its text.
 */
export function baseArguments(images: readonly Placed[], dockerfile: string): string[] {
  return Object.entries(BASES).flatMap(([argument, name]) => {
    const { target, setBy } = imageOf(images, name);
    const isAsked = setBy !== undefined && dockerfile.includes(`ARG ${argument}=`);
    return isAsked ? ['--build-arg', `${argument}=${target}`] : [];
  });
}
