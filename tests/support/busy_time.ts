/** The time that the calling thread has spent on a core. */

/**
 * Returns how long this thread has been on a core in all, in milliseconds: waiting for a core, or
 * for a busy disk, says nothing about the program. On systems other than Linux, returns the time.
 */
export function busyMs(): number {
  try {
    return Number(Deno.readTextFileSync("/proc/thread-self/schedstat").split(" ")[0]) / 1e6;
  } catch (error) {
    // Without all permissions, Deno does not let anybody read it: better no figure than another one.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return performance.now();
  }
}
