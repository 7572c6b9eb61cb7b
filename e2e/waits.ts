/**
 * How long a run waits for something before it gives up. Each wait is for an event and ends with it: these ends are far off, so
 * that a busy machine makes a run slow, and does not fail it.
 */

const MINUTE = 60_000;

/** For a claim to be ready, and for anything else that the control plane or AWS has to come to. A queue alone takes a minute. */
export const READY_MS = 10 * MINUTE;
/** For many claims to be ready that were made at once. */
export const MANY_READY_MS = 30 * MINUTE;
/** For a deletion: the provider watches a deleted queue for three minutes before it believes it gone. */
export const GONE_MS = 20 * MINUTE;
/** For an uploaded file to be recorded. */
export const RECORDED_MS = 10 * MINUTE;
/** For a process to answer that has just been started. One that ends is noticed at once. */
export const START_MS = 5 * MINUTE;
/** For an environment to have what git says, all of it ready. */
export const LIVE_MS = 15 * MINUTE;
/** For Argo CD to bring everything into an empty cluster, from Crossplane to the claims. */
export const EMPTY_CLUSTER_MS = 30 * MINUTE;
/** For whatever kubectl, Helm and kind wait for; a first time pulls images of gigabytes. */
export const KUBECTL_WAIT = '20m';

/** How long Argo CD is watched where it must do nothing. Each commit is looked at when it is pushed, so that this is long. */
export const STAYS_MS = 20_000;
