/**
 * Hands committed events to a listener, a bounded amount in each turn of the event loop.
 *
 * @module
 */

import { type Clock, systemClock } from "../clock.ts";
import { log } from "../log.ts";
import type { RoomEvent } from "../domain/room_event.ts";
import type { SequencerListener } from "../domain/sequencer.ts";
import { Histogram } from "../metrics/histogram.ts";
import { weightOf } from "./waiting_drafts.ts";

/** Characters of text delivered in one turn of the event loop; the rest waits for the next. */
const STRIDE_CHARACTERS = 64 * 1024;

export class Delivery {
  /** How long the listener took for each part. */
  readonly times = new Histogram();
  readonly #clock: Clock;
  readonly #nextTurn: () => Promise<void>;
  #listener: SequencerListener | undefined;

  /** @param nextTurn Resolves in a later turn of the event loop. */
  constructor(nextTurn: () => Promise<void>, clock: Clock = systemClock) {
    this.#clock = clock;
    this.#nextTurn = nextTurn;
  }

  listen(listener: SequencerListener): void {
    this.#listener = listener;
  }

  async deliver(events: readonly RoomEvent[]): Promise<void> {
    for (let start = 0, end = 0; start < events.length; start = end) {
      if (start > 0) await this.#nextTurn();
      for (let size = 0; end < events.length && size < STRIDE_CHARACTERS; end++) {
        size += weightOf(events[end]);
      }
      const run = start === 0 && end === events.length ? events : events.slice(start, end);
      const toldAt = this.#clock.monotonic();
      this.tell((listener) => listener.committed(run));
      this.times.observeMs(this.#clock.monotonic() - toldAt);
    }
  }

  /** The batch is on disk or is not, so an exception here must not keep later ones from anyone. */
  tell(tell: (listener: SequencerListener) => void): void {
    if (!this.#listener) return;
    try {
      tell(this.#listener);
    } catch (error) {
      log("sequencer").error("Cannot deliver a batch: {error}", { error });
    }
  }
}
