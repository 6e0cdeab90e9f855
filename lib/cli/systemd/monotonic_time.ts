/**
 * The system's CLOCK_MONOTONIC, which Deno shows only from the start of the process.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import { readSocketTable } from "../../transport/udp_drops.ts";

/** The time since the start of the system, in seconds with two digits, cut off. */
const UPTIME = "/proc/uptime";
const CUT_OFF_US = 10_000;

/**
 * Resolves to a clock in microseconds, which may be some 20 ms ahead but never behind;
 * `undefined` if the time is unknown. /proc/uptime counts the time asleep, too, which only adds.
 */
export async function monotonicTime(clock: Clock): Promise<(() => number) | undefined> {
  const startedAt = clock.monotonic();
  try {
    const [seconds] = (await readSocketTable(UPTIME)).split(" ");
    const atStart = Number(seconds) * 1e6 + CUT_OFF_US;
    return () => atStart + (clock.monotonic() - startedAt) * 1000;
  } catch {
    return undefined;
  }
}
