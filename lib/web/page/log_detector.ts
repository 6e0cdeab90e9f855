/**
 * Tells whether a room is a log: whether most of what came last are log lines.
 *
 * @module
 */

import type { EventJson } from "../protocol.ts";

/** The latest events that are looked at, and the fewest log lines of a log. */
const LOOKED_AT = 200;
const FEWEST = 10;
/** The share of log lines from which a room is a log, and below which it no longer is. */
const BEGINS = 0.6;
const ENDS = 0.3;

export class LogDetector {
  #events: readonly EventJson[] | undefined;
  #isLog = false;

  /** @param events Those loaded, in order. */
  isLog(events: readonly EventJson[]): boolean {
    if (events === this.#events) return this.#isLog;
    this.#events = events;
    const latest = events.slice(-LOOKED_AT).filter(({ kind }) =>
      kind !== "join" && kind !== "part"
    );
    const lines = latest.filter(({ kind }) => kind === "log").length;
    const share = latest.length === 0 ? 0 : lines / latest.length;
    return this.#isLog = lines >= FEWEST && share >= (this.#isLog ? ENDS : BEGINS);
  }
}
