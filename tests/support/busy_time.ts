/** The time that the calling thread has been on a core. */

/**
 * How long this thread has been on a core in all, in milliseconds: waiting for one, or for a disk
 * that others keep busy, says nothing about the program. The time, where the system is not Linux.
 */
export function busyMs(): number {
  try {
    return Number(Deno.readTextFileSync("/proc/thread-self/schedstat").split(" ")[0]) / 1e6;
  } catch {
    return performance.now();
  }
}
