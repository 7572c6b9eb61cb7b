/** What Docker, Crossplane and the kubelet say of bad surroundings, and the fix for it. Pure. */
import type { Placed } from '../../../argocd/images/settings.ts';
import { at, stringAt } from '../../../function/src/objects.ts';

/** kind's node image and buildx need it. */
const OLDEST = [20, 10] as const;

/** Why an engine cannot be used; undefined when it can. */
export function whyTooOld(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor, leastMinor] = OLDEST;
  if (Number.isNaN(major) || major > leastMajor || (major === leastMajor && minor >= leastMinor))
    return undefined;
  return `Docker ${version} is too old for kind: install ${OLDEST.join('.')} or newer (https://docs.docker.com/engine/install), or use SUBSTRATE=host.`;
}

/** The fix for what a failed command said; undefined when none is known. */
export function fixFor(said: string): string | undefined {
  if (/no space left on device|ENOSPC/i.test(said))
    return "Free disk space: a run needs some 20 GB. 'docker system df' shows what Docker holds, and 'docker system prune --all' frees it.";
  return undefined;
}

/** What a registry, or the way to it, answers when a package is not to be had. */
const NOT_THERE = /_UNKNOWN|UNAUTHORIZED|DENIED|no such host|connection refused|x509|unknown|not found/i;
/** What the kubelet says of an image that it cannot pull. */
const WAITING = ['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName'];

/** What an object complains of: a package that Crossplane cannot unpack, a pod's container whose image cannot be pulled. */
function complaintsOf(object: unknown): string[] {
  const conditions = at(object, 'status', 'conditions');
  const containers = at(object, 'status', 'containerStatuses');
  return [
    ...(Array.isArray(conditions) ? conditions : [])
      .map((one) => stringAt(one, 'message') ?? '')
      .filter((text) => text.includes('cannot unpack package') && NOT_THERE.test(text)),
    ...(Array.isArray(containers) ? containers : [])
      .map((one): unknown => at(one, 'state', 'waiting'))
      .filter((one) => WAITING.includes(stringAt(one, 'reason') ?? ''))
      .map((one) => `${stringAt(one, 'reason')}: ${stringAt(one, 'message')}`),
  ];
}

/**
 * What cannot be pulled of packages and pods.
 *
 * @param listed - the answer of `kubectl get … --output json`.
 * @returns a line that names the image, the setting and the fix; undefined when nothing complains of that.
 */
export function whyNotPulled(listed: unknown, images: readonly Placed[]): string | undefined {
  const items: unknown = at(listed, 'items');
  for (const item of Array.isArray(items) ? items : []) {
    const [said] = complaintsOf(item);
    if (said === undefined) continue;
    const wanted = stringAt(item, 'spec', 'package') ?? '';
    const placed = images.find(({ source, target }) => source === wanted || said.includes(target));
    const { setBy, target, source = wanted } = placed ?? {};
    const what = setBy === undefined ? `${source} cannot be pulled` : `${setBy}: ${target} cannot be pulled`;
    const fix = `Copy ${source} there, as make images lists it, or name another image in IMAGES.`;
    return `${what}. ${fix} ${said.split('\n')[0]}`;
  }
  return undefined;
}
