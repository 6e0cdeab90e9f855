/**
 * Decides when queued bytes are written: outboxes filled in the same turn are flushed together,
 * small groups before large ones, and low-priority output last.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import type { Clock } from "../../clock.ts";
import { LateWrites } from "./late_writes.ts";

/** Something with queued output: an outbox. */
export interface Flushable {
  /** Starts to write everything queued. */
  flush(): void;
}

/**
 * Writes to a crowd that are started in one turn of the event loop. The runtime only serves a
 * limited number of sockets in a turn, and not in order: with all writes started at once, some
 * waited for seconds under load.
 */
const WRITES_AT_ONCE = 100;
/** Writes in a row before sockets are read: a keystroke must not wait for a whole crowd. */
const WRITES_BEFORE_READS = 200;
/** Writes a turn reserved for low-priority output, which a crowd would otherwise starve. */
const LEFT_FOR_LATE = 10;
/** Outboxes filled in the same turn that are written at once; any more queue as a crowd. */
const FEW = 50;

/**
 * Starts the writes of all filled outboxes at the end of the turn, so that each outbox sends
 * everything queued in one write, and one microtask serves a thousand outboxes.
 */
export class Flusher {
  readonly #reads: () => Promise<unknown>;
  readonly #few = new WriteQueue();
  readonly #crowd = new WriteQueue();
  readonly #late: LateWrites<Flushable>;
  /** Whether a microtask that serves the outboxes filled in this turn is pending. */
  #isFlushing = false;
  /** Whether the rest of the crowd, or of the low-priority output, is due in a later turn. */
  #isServing = false;
  /** Writes started in a row. */
  #writes = 0;
  #waiters: { readonly few: number; readonly crowd: number; readonly resolve: () => void }[] = [];

  /**
   * @param reads Resolves once arrived bytes have been read.
   * @default {any turn of the event loop}
   */
  constructor(clock: Clock, reads: () => Promise<unknown> = () => setImmediate()) {
    this.#reads = reads;
    this.#late = new LateWrites(clock, () => this.#begin());
  }

  /**
   * Resolves once the writes of all filled outboxes have started, except for low-priority output;
   * `undefined` if they already have.
   */
  started(): Promise<void> | undefined {
    if (this.#few.length + this.#crowd.length === 0) return undefined;
    const { added: few } = this.#few;
    const { added: crowd } = this.#crowd;
    return new Promise((resolve) => this.#waiters.push({ few, crowd, resolve }));
  }

  add(outbox: Flushable): void {
    this.#late.delete(outbox);
    (this.#few.length < FEW ? this.#few : this.#crowd).push(outbox);
    this.#begin();
  }

  /** Adds an outbox with only low-priority output; see {@linkcode LateWrites}. */
  addLate(outbox: Flushable): void {
    this.#late.add(outbox);
  }

  /** Removes an outbox whose peer is gone. */
  removeLate(outbox: Flushable): void {
    this.#late.delete(outbox);
  }

  #begin(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    this.#isFlushing = false;
    const few = this.#few.flush(FEW);
    // One outbox may write to another.
    if (this.#few.length > 0) this.#begin();
    if (this.#isServing) return this.#wake();
    this.#writes = few;
    this.#serve(WRITES_AT_ONCE - few);
  }

  /** Serves a part of the crowd and of the low-priority output, and the rest in later turns. */
  #serve(most: number): void {
    const count = this.#crowd.flush(this.#late.isDue ? most - LEFT_FOR_LATE : most);
    const late = this.#late.take(most - count);
    for (const outbox of late) outbox.flush();
    this.#writes += count + late.length;
    this.#wake();
    this.#isServing = this.#crowd.length > 0 || this.#late.isDue;
    if (!this.#isServing) return;
    const isReadDue = this.#writes >= WRITES_BEFORE_READS;
    if (isReadDue) this.#writes = 0;
    (isReadDue ? this.#reads() : setImmediate()).then(() => this.#serve(WRITES_AT_ONCE));
  }

  #wake(): void {
    const isStarted = (waiter?: { readonly few: number; readonly crowd: number }) =>
      waiter && waiter.few <= this.#few.started && waiter.crowd <= this.#crowd.started;
    while (isStarted(this.#waiters[0])) this.#waiters.shift()!.resolve();
  }
}

class WriteQueue {
  /** Running totals of outboxes added, and of writes started. */
  added = 0;
  started = 0;
  #waiting: Flushable[] = [];

  get length(): number {
    return this.added - this.started;
  }

  push(outbox: Flushable): void {
    this.added++;
    this.#waiting.push(outbox);
  }

  /** Starts at most `most` writes; returns how many. */
  flush(most: number): number {
    const outboxes = this.#waiting.splice(0, most);
    for (const outbox of outboxes) outbox.flush();
    this.started += outboxes.length;
    return outboxes.length;
  }
}
