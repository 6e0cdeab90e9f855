/**
 * Warns at start if the descriptor limit allows fewer connections than the options do.
 *
 * @module
 */

import { log } from "../../log.ts";
import { countFreeDescriptors } from "../../server/accepting/descriptor_reserve.ts";

/** Descriptors that are counted at start; with more, the limit is taken to be enough. */
const COUNTED_DESCRIPTORS = 1000;

/** @param open Opens anything that takes one descriptor. @param maxConnections 0 for any number. */
export function warnOfFewDescriptors(open: () => Disposable, maxConnections: number): void {
  const free = countFreeDescriptors(open, COUNTED_DESCRIPTORS);
  if (free === COUNTED_DESCRIPTORS || (maxConnections > 0 && free > maxConnections)) return;
  log("cli").warning(
    "The system allows this process about {free} more connections. Raise the limit with " +
      "ulimit -n 20000, or LimitNOFILE=20000 in a systemd unit",
    { free },
  );
}
