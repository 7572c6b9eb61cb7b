/** What is pulled from where: the catalogue as IMAGES and IMAGE_MIRROR change it. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { isObject } from '../../function/src/objects.ts';
import { messageOf } from '../../tools/errors.ts';
import { catalogue, type Pull } from './catalogue.ts';
import { parseReference, pathInRegistry } from './reference.ts';

/** The folder of charts in a mirror. */
const CHARTS = 'charts';

/** A thing that is pulled, and from where. */
export interface Placed extends Pull {
  /**
   * What is pulled: `source` where nothing takes its place. Of a chart it is the repository, `https://…` or `oci://…`; of a
   * manifest it may be the path of a file.
   */
  readonly target: string;
  /** What set `target`, for messages, such as `IMAGE_MIRROR`; absent where it is `source`. */
  readonly setBy?: string;
}

const invalid = (setting: string, value: unknown, rule: string) =>
  new Error(`${setting}: Invalid value: ${JSON.stringify(value)}: ${rule}`);

/** @throws when a mirror is not a registry with or without a path. */
function checkMirror(mirror: string): void {
  const example = 'such as registry.example.com/mirror';
  if (mirror.includes('://'))
    throw invalid('IMAGE_MIRROR', mirror, `must be without a scheme, ${example}. Remove all up to "://".`);
  if (mirror.endsWith('/'))
    throw invalid('IMAGE_MIRROR', mirror, `must not end with a slash, ${example}. Remove it.`);
  const [host = ''] = mirror.split('/');
  if (!/[.:]|^localhost$/.test(host) || parseReference(`${mirror}/image`) === undefined)
    throw invalid(
      'IMAGE_MIRROR',
      mirror,
      `must be a registry's host, and a path in lower case if it has one, ${example}`,
    );
}

/** The same image, chart or manifest in a mirror; a registry has no manifests. */
function mirrored({ by, source }: Pull, mirror: string): string {
  if (by === 'resource') return source;
  return by === 'chart' ? `oci://${mirror}/${CHARTS}` : `${mirror}/${pathInRegistry(source)}`;
}

/** Checks what a file says of an image, a chart or a manifest. Returns it as it is used. */
function checked(setting: string, { by, source }: Pull, value: unknown, file: string): string {
  if (typeof value !== 'string' || value === '')
    throw invalid(setting, value, `must be a text, such as ${JSON.stringify(source)}`);
  if (by === 'chart') {
    if (/^(https?|oci):\/\/[^/]+/.test(value)) return value.replace(/\/$/, '');
    throw invalid(setting, value, 'must be a Helm repository that begins with https://, http:// or oci://');
  }
  if (by === 'resource') {
    if (/^https?:\/\//.test(value)) return value;
    const path = resolve(file, '..', value);
    if (existsSync(path)) return path;
    throw invalid(setting, value, `must be a URL or a file, and there is no ${path}`);
  }
  const reference = parseReference(value);
  if (reference === undefined)
    throw invalid(setting, value, `must be the name of an image, without a scheme, such as ${source}`);
  const { repository, tag, digest } = reference;
  if (by !== 'ImageConfig') {
    if (tag || digest) return value;
    throw invalid(
      setting,
      value,
      `must have a tag or a digest, such as ${repository}${source.slice(source.search(/:[^/]*$/))}`,
    );
  }
  if (tag || digest)
    throw invalid(
      setting,
      value,
      `must have no tag and no digest, since an ImageConfig keeps those of the package. Write ${repository}`,
    );
  return value + source.slice(parseReference(source)?.repository.length);
}

/** What the file of IMAGES says, by the names of the catalogue. */
function readFile(file: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`IMAGES: Invalid value: "${file}": must be a file that can be read: ${messageOf(error)}`);
  }
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error)
    throw new Error(`IMAGES: Invalid value: "${file}": must be YAML: ${error.message.split(/:?\n/)[0]}`);
  const values: unknown = document.toJS() ?? {};
  if (isObject(values)) return values;
  throw new Error(
    `IMAGES: Invalid value: "${file}": must be names with images, such as "node: registry.example.com/node:24"`,
  );
}

/**
 * All that is pulled, from where the settings say.
 *
 * @param env - `IMAGE_MIRROR` is a registry, with a path or without, that has all images under the paths that they have in their own;
 *   `IMAGES` is a YAML file that names single ones, and wins. An empty one counts as not given.
 * @throws naming the setting, the image and the fix
 */
export function readImages(env: NodeJS.ProcessEnv, pulls: readonly Pull[] = catalogue()): readonly Placed[] {
  const { IMAGES: file, IMAGE_MIRROR: mirror } = env;
  if (mirror) checkMirror(mirror);
  const single = file ? readFile(file) : {};
  const names = new Set(pulls.map(({ name }) => name));
  const unknown = Object.keys(single).find((name) => !names.has(name));
  if (unknown !== undefined)
    throw new Error(
      `IMAGES: Unsupported value: "${unknown}" in ${file}: supported values: ${[...names].sort().join(', ')}`,
    );
  return pulls.map((pull) => {
    const setting = `IMAGES: ${pull.name}`;
    if (file && Object.hasOwn(single, pull.name))
      return { ...pull, target: checked(setting, pull, single[pull.name], file), setBy: setting };
    const target = mirror ? mirrored(pull, mirror) : pull.source;
    return target === pull.source ? { ...pull, target } : { ...pull, target, setBy: 'IMAGE_MIRROR' };
  });
}

/** The one of a name. @throws when the catalogue has none. */
export function imageOf(images: readonly Placed[], name: string): Placed {
  const found = images.find((image) => image.name === name);
  if (found === undefined) throw new Error(`argocd/images.yaml has no ${name}. Restore it.`);
  return found;
}
