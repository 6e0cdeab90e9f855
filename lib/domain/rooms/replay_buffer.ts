/**
 * The runs that a stream published last, kept only while a subscriber is behind.
 *
 * Most subscribers fall behind by a moment. Fed from here, they get the same arrays as everybody
 * else, which have been rendered and encoded already. Subscribers further behind are fed from the
 * log.
 *
 * @module
 */

import { withRedactions } from "../redaction.ts";
import type { RoomEvent } from "../room_event.ts";

type Run = readonly RoomEvent[];

/** Estimated memory, in bytes: a character counts as one, an event as 128 more. */
const CAPACITY = 2 * 1024 * 1024;
const EVENT_OVERHEAD = 128;

interface Entry {
  readonly run: Run;
  /** The `seq` after which the run begins. A collapsed run has fewer events than numbers. */
  readonly after: number;
  readonly size: number;
}

export class ReplayBuffer {
  #entries: Entry[] = [];
  #size = 0;
  #readers = 0;

  /** Counts one more subscriber as behind. */
  hold(): void {
    this.#readers++;
  }

  /** Counts one subscriber fewer as behind. */
  release(): void {
    this.#readers--;
    this.trim();
  }

  /** Adds a run that is about to be delivered and holds everything after number `after`. */
  push(run: Run, after = run[0].seq - 1): void {
    let size = 0;
    for (const event of run) size += event.body.length + EVENT_OVERHEAD;
    this.#entries.push({ run, after, size });
    this.#size += size;
  }

  /** Applies redactions, to new arrays, because others hold the old ones. */
  redact(redactions: Run): void {
    this.#entries = this.#entries.map((entry) => {
      const run = withRedactions(entry.run, redactions);
      return run === entry.run ? entry : { ...entry, run };
    });
  }

  /** Drops what nobody needs, and the oldest runs beyond the capacity. */
  trim(): void {
    if (this.#readers === 0) {
      this.#entries.length = 0;
      this.#size = 0;
    }
    while (this.#size > CAPACITY) this.#size -= this.#entries.shift()!.size;
  }

  /** The run with the event after number `seq`, from that event on; `undefined` if it is gone. */
  after(seq: number): Run | undefined {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#entries[middle].run.at(-1)!.seq > seq) high = middle;
      else low = middle + 1;
    }
    const entry = this.#entries[low];
    if (!entry || entry.after > seq) return undefined;
    const { run, after } = entry;
    if (after === seq) return run;
    // There is no telling which events of a collapsed run come before the number.
    const isComplete = run.at(-1)!.seq - after === run.length;
    return isComplete ? run.slice(seq - after) : undefined;
  }
}
