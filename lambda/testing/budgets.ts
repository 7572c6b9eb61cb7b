/** The maximum sizes of the shipped zips, in bytes. */

/**
 * The maximum size of each handler's zip. A zip is part of a Kubernetes object, with etcd's limit of 1.5 MiB, and of each
 * request to the function. So the hard limit is 140 KB for start-workflow and 300 KB for the others. These budgets are
 * close to the current sizes, so that a test notices growth early.
 */
export const ZIP_BUDGETS: Readonly<Record<string, number>> = {
  'get-file-type': 143_360,
  'launch-instance': 245_760,
  'mark-uploaded': 81_920,
  'record-file': 76_800,
  'resize-image': 122_880,
  'say-hello': 14_336,
  'start-workflow': 71_680,
  'sweep-instances': 245_760,
  'upload-api': 163_840,
};

/** The layer with sharp for one architecture. All layers of a function together can have 250 MB unpacked. */
export const LAYER_BUDGET = 10_000_000;
