/** Most bytes of what ships as a zip. */

/**
 * By handler. A zip travels inside a Kubernetes object, whose limit is etcd's 1.5 MiB, and in each request to the function: 140 KB
 * is what start-workflow may have at most, 300 KB any other. These are close to what they have, so that growth is noticed before.
 */
export const ZIP_BUDGETS: Readonly<Record<string, number>> = {
  'get-file-type': 143_360,
  'launch-instance': 245_760,
  'mark-uploaded': 81_920,
  'record-file': 76_800,
  'resize-image': 122_880,
  'say-hello': 10_240,
  'start-workflow': 71_680,
  'sweep-instances': 245_760,
  'upload-api': 163_840,
};

/** The layer with sharp, of one architecture: all layers of a function together may have 250 MB unpacked. */
export const LAYER_BUDGET = 10_000_000;
