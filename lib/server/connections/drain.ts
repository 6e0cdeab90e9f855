/**
 * Waits, when the server stops, until everything that has already arrived is read: the system has
 * acknowledged it, so the peer will not send it again.
 *
 * @module
 */

import { type Clock, sleep } from "../../clock.ts";

/** Milliseconds without a byte after which nothing more is expected from a peer. */
const QUIET_MS = 50;
/** The longest drain, in milliseconds: a peer that keeps sending must not keep the server up. */
export const DRAIN_MS = 500;

/**
 * Resolves once `isQuiet` returns `true`, or after {@linkcode DRAIN_MS}.
 *
 * @param isQuiet Whether nothing has arrived since the last call, and everything that arrived
 * before has been handled. Called at once, and every {@linkcode QUIET_MS}.
 */
export async function untilQuiet(clock: Clock, isQuiet: () => boolean): Promise<void> {
  const end = clock.monotonic() + DRAIN_MS;
  isQuiet(); // Starts counting: input from before this call does not matter.
  do await sleep(clock, QUIET_MS); while (!isQuiet() && clock.monotonic() < end);
}
