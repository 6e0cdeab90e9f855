/**
 * The runs of events that a room told last, kept only while some member is behind.
 *
 * Most who fall behind do so by a moment. Fed from here they get the very runs that the others
 * got, with all that was made from them, rendered and encoded once; the log is for those who
 * are further back.
 *
 * @module
 */

import type { RoomEvent } from "./room_event.ts";

type Run = readonly RoomEvent[];

/** Most of a tail's memory, in bytes as estimated: a character is one, an event 128 more. */
const CAPACITY = 2 * 1024 * 1024;
const EVENT_OVERHEAD = 128;

export class ReplayBuffer {
  #runs: Run[] = [];
  /** The number after which each run begins. Where lines were folded, it is not that of its first. */
  #starts: number[] = [];
  #sizes: number[] = [];
  #size = 0;
  #readers = 0;

  /** Says that one more member is behind. */
  hold(): void {
    this.#readers++;
  }

  /** Says that one member fewer is behind. */
  release(): void {
    this.#readers--;
    this.trim();
  }

  /** Adds what is about to be told: all that there is after number `after`. */
  push(run: Run, after = run[0].seq - 1): void {
    let size = 0;
    for (const event of run) size += event.body.length + EVENT_OVERHEAD;
    this.#runs.push(run);
    this.#starts.push(after);
    this.#sizes.push(size);
    this.#size += size;
  }

  /** Drops what nobody needs, or what is too much. */
  trim(): void {
    if (this.#readers === 0) {
      this.#runs = [];
      this.#starts = [];
      this.#sizes = [];
      this.#size = 0;
    }
    while (this.#size > CAPACITY) {
      this.#size -= this.#sizes.shift()!;
      this.#runs.shift();
      this.#starts.shift();
    }
  }

  /** The run with the event after number `seq`, from that event on; `undefined` if it is gone. */
  after(seq: number): Run | undefined {
    let low = 0;
    let high = this.#runs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#runs[middle].at(-1)!.seq > seq) high = middle;
      else low = middle + 1;
    }
    const run = this.#runs[low];
    if (!run || this.#starts[low] > seq) return undefined;
    if (this.#starts[low] === seq) return run;
    // Where lines were folded there is no telling what of them is before the number.
    const isWhole = run.at(-1)!.seq - this.#starts[low] === run.length;
    return isWhole ? run.slice(seq - this.#starts[low]) : undefined;
  }
}
