/**
 * Losses of log lines, on their way to people in the midst of a flood: each of them is in the log,
 * but a program that writes another encoding has one for every line, so those of a source and a
 * reason that come together are told as one.
 *
 * @module
 */

import { addLosses, type Loss, lossOf, toGap } from "../../../domain/loss.ts";
import type { RoomEvent } from "../../../domain/room_event.ts";

/** Sources and reasons told of by themselves at a time. */
const MOST_LOSSES = 100;

interface Held {
  readonly loss: Loss;
  /** The last of them, and whether it is the only one. */
  readonly last: RoomEvent;
  readonly isSingle: boolean;
}

/** What is held back of one room. */
export class HeldLosses {
  readonly #held = new Map<string, Held>();

  /** Takes an event that tells of a loss; `false` for any other, which is not taken. */
  add(event: RoomEvent): boolean {
    const loss = event.kind === "gap" ? lossOf(event) : undefined;
    if (!loss) return false;
    let key = JSON.stringify([loss.source, loss.reason]);
    let source = loss.source;
    if (this.#held.size >= MOST_LOSSES && !this.#held.has(key)) {
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

  /** All of them, in no order, which are then no longer here. */
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
