/**
 * When queued bytes are written: all outboxes that were filled in one go are served together, a few
 * are served before a crowd, and what may wait comes last.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import { type Clock, systemClock } from "../clock.ts";
import { LateWrites } from "./late_writes.ts";

/** What is written when its turn comes: an outbox. */
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
/** Writes in a row before sockets are read: a key must not wait for a whole crowd. */
const WRITES_BEFORE_READS = 200;
/** Of the writes to a crowd in a turn, those left for what may wait: a crowd may never be done. */
const LEFT_FOR_LATE = 10;
/** Outboxes filled in one go that are written to at once. The others are a crowd, and queue. */
const FEW = 50;

/**
 * Starts the writes of all outboxes that were filled, once their callers are done: everything
 * queued in one go leaves in one write, and one microtask serves a thousand outboxes.
 */
export class Flusher {
  readonly #reads: () => Promise<unknown>;
  readonly #few = new WriteQueue();
  readonly #crowd = new WriteQueue();
  readonly #late: LateWrites<Flushable>;
  /** Whether those filled in this go are about to be served. */
  #isFlushing = false;
  /** Whether more of the crowd, or of what may wait, is served in a later turn. */
  #isServing = false;
  /** Writes started in a row. */
  #writes = 0;
  #waiters: { readonly few: number; readonly crowd: number; readonly resolve: () => void }[] = [];

  /**
   * @param reads Resolves once arrived bytes have been read.
   * @default {any turn of the event loop}
   */
  constructor(reads: () => Promise<unknown> = () => setImmediate(), clock: Clock = systemClock) {
    this.#reads = reads;
    this.#late = new LateWrites(clock, () => this.#begin());
  }

  /**
   * Resolves once the writes of all outboxes that have been filled are started, except for those
   * with what may wait; `undefined` if they are.
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

  /** Adds an outbox with nothing but what may wait; see {@linkcode LateWrites}. */
  addLate(outbox: Flushable): void {
    this.#late.add(outbox);
  }

  /** Removes an outbox that nobody will read, if it waits. */
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

  /** Serves a part of the crowd or of what may wait, and the rest in later turns. */
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
  /** How many have ever been added, and started. */
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
