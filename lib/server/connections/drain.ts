/**
 * Waits, when the server stops, until everything that has already arrived is read: the system has
 * acknowledged it, so the peer will not send it again.
 *
 * @module
 */

import { type Clock, sleep } from "../../clock.ts";

/** Milliseconds without a byte after which nothing more is expected from a peer. */
const QUIET_MS = 50;
/** How late those may end, in milliseconds; see {@linkcode untilQuiet}. */
const LATE_MS = 25;
/**
 * The longest drain, in milliseconds of a process that is not held up: a peer that keeps sending
 * must not keep the server up.
 */
export const DRAIN_MS = 500;

/**
 * Resolves once `isQuiet` returns `true`, or after {@linkcode DRAIN_MS}.
 *
 * A process that the machine holds up, or that is busy, reads nothing meanwhile, and then its
 * timers come before its sockets. So no silence counts that ends late.
 *
 * @param isQuiet Whether nothing has arrived since the last call, and everything that arrived
 * before has been handled. Called at once, and every {@linkcode QUIET_MS}.
 */
export async function untilQuiet(clock: Clock, isQuiet: () => boolean): Promise<void> {
  isQuiet(); // Starts counting: input from before this call does not matter.
  for (let waitedMs = 0; waitedMs < DRAIN_MS; waitedMs += QUIET_MS) {
    const due = clock.monotonic() + QUIET_MS;
    await sleep(clock, QUIET_MS);
    const isLate = clock.monotonic() - due > LATE_MS;
    if (isQuiet() && !isLate) return;
  }
}
