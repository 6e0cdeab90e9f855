/**
 * Gathers the losses of log lines during a flood. Each is in the log, but a program that writes
 * another encoding causes one for every line, so losses with the same source and reason are shown
 * as one.
 *
 * @module
 */

import { addLosses, type Loss, lossOf, toGap } from "../../../domain/loss.ts";
import type { RoomEvent } from "../../../domain/room_event.ts";

/** Pairs of source and reason that are kept apart at a time. */
const MAX_LOSSES = 100;

interface Held {
  readonly loss: Loss;
  /** The last event, and whether it is the only one. */
  readonly last: RoomEvent;
  readonly isSingle: boolean;
}

/** The losses held back in one room. */
export class HeldLosses {
  readonly #held = new Map<string, Held>();

  /** Takes an event that records a loss; returns `false` for any other event. */
  add(event: RoomEvent): boolean {
    const loss = event.kind === "gap" ? lossOf(event) : undefined;
    if (!loss) return false;
    let key = JSON.stringify([loss.source, loss.reason]);
    let source = loss.source;
    if (this.#held.size >= MAX_LOSSES && !this.#held.has(key)) {
      source = "several";
      key = loss.reason;
    }
    const before = this.#held.get(key);
    this.#held.set(key, {
      loss: before ? addLosses(before.loss, loss) : { ...loss, source },
      last: event,
      isSingle: !before,
    });
    return true;
  }

  /** Removes and returns all of them, in no order. */
  take(): RoomEvent[] {
    if (this.#held.size === 0) return [];
    const events = Array.from(this.#held.values(), ({ loss, last, isSingle }) => {
      if (isSingle) return last;
      const { from, body, fields } = toGap(loss);
      return { ...last, from, body, fields };
    });
    this.#held.clear();
    return events;
  }
}
