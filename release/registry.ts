/** Packages in a registry: what is there, and how they get there. */
import { CONFIGURATION, FUNCTION } from '../function/package.ts';
import { commandLine, runCommand, tryCommand } from '../tools/command.ts';

/** Paths of the programs. */
export interface Programs {
  readonly crane: string;
  readonly 'crossplane-cli': string;
}

/** A package that was pushed. */
export interface Pushed {
  readonly name: string;
  /** The image without a tag, such as `ghcr.io/acme/function-fileingest`. */
  readonly image: string;
  /** `sha256:…` of what the tag stands for: an index, where there is one image for each architecture. */
  readonly digest: string;
}

/** The names of both packages, the function first: the Configuration depends on it. */
const PACKAGES = [FUNCTION, CONFIGURATION] as const;

/**
 * The digest of an image; undefined where the registry does not have it.
 *
 * @throws when the registry does not tell, so that nothing is taken for absent that is only hidden
 */
export async function digestOf(crane: string, image: string): Promise<string | undefined> {
  const args = ['digest', image];
  const { code, stdout, stderr } = await tryCommand(crane, args);
  if (code === 0) return stdout.trim();
  if (/\b(MANIFEST_UNKNOWN|NAME_UNKNOWN)\b|\b404 Not Found\b/.test(stderr)) return undefined;
  throw new Error(
    `${image}: the registry does not tell whether it is there: \`${commandLine('crane', args)}\` says: ${stderr.trim()} ` +
      'Sign in with `crane auth login`. A package that another repository made gives this one the role Write in its settings.',
  );
}

/** The images of a version that a registry has. */
export async function publishedImages(crane: string, registry: string, version: string): Promise<string[]> {
  const images = PACKAGES.map((name) => `${registry}/${name}:${version}`);
  const digests = await Promise.all(images.map((image) => digestOf(crane, image)));
  return images.filter((_, index) => digests[index] !== undefined);
}

/**
 * Pushes both packages under a version.
 *
 * @param version - with a leading v
 * @param filesOf - the package files of each, one for each architecture
 * @param annotations - of the manifests that the tags stand for
 * @throws when the version is there already, before anything is pushed
 */
export async function pushPackages(
  { crane, 'crossplane-cli': crossplane }: Programs,
  registry: string,
  version: string,
  filesOf: (name: string) => readonly string[],
  annotations: Readonly<Record<string, string>>,
): Promise<Pushed[]> {
  const there = await publishedImages(crane, registry, version);
  if (there.length > 0)
    throw new Error(`${there.join(', ')}: Forbidden: is published already. Nothing was pushed.`);
  const flags = Object.entries(annotations).flatMap(([key, value]) => [
    '--oci-annotation',
    `${key}=${value}`,
  ]);
  const pushed: Pushed[] = [];
  for (const name of PACKAGES) {
    const image = `${registry}/${name}`;
    const files = filesOf(name).join(',');
    await runCommand(crossplane, ['xpkg', 'push', ...flags, '--package-files', files, `${image}:${version}`]);
    const digest = await digestOf(crane, `${image}:${version}`);
    if (digest === undefined)
      throw new Error(`${image}:${version} was pushed, and the registry does not have it.`);
    pushed.push({ name, image, digest });
  }
  return pushed;
}
