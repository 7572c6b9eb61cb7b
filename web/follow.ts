import { stateOf, type UploadState } from './api.ts';
import { pause, persist } from './patience.ts';
import type { Problem } from './problem.ts';

const SHORTEST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;
const GROWTH = 1.4;
/** How long after the end of sending the API can still report a file as not arrived. */
const NOTICED_WITHIN_MS = 60_000;

/** The callbacks of `follow`. */
export interface FollowEvents {
  onState(state: UploadState): void;
  onPause(problem: Problem | undefined): void;
}

/**
 * Polls the state of an upload until it is final: often at first and after each change, then less often.
 *
 * @param sentAt - when this page sent the file, in ms since 1970; undefined when this page did not send it
 * @throws Problem, or the signal's reason
 */
export async function follow(
  id: string,
  token: string | undefined,
  sentAt: number | undefined,
  signal: AbortSignal,
  { onState, onPause }: FollowEvents,
): Promise<void> {
  let delay = SHORTEST_PAUSE_MS;
  let last = '';
  for (;;) {
    const state = await persist(() => stateOf(id, token, signal), signal, onPause);
    // A large file can arrive after its form has expired. The API reports `expired` until it knows of the file.
    const isNoticed = sentAt === undefined || Date.now() - sentAt > NOTICED_WITHIN_MS;
    const known = state.status === 'expired' && !isNoticed ? { ...state, status: 'waiting' } : state;
    onState(known);
    if (['done', 'failed', 'expired'].includes(known.status)) return;
    delay = known.status === last ? Math.min(LONGEST_PAUSE_MS, delay * GROWTH) : SHORTEST_PAUSE_MS;
    last = known.status;
    await pause(delay, signal);
  }
}
