/**
 * The bounded queue of bytes for one peer, and the only writer to its connection.
 *
 * It never makes a caller wait and never reorders; at most one write is under way, and all that
 * is queued meanwhile leaves in the next one. What does not fit is refused, and the caller must
 * have another plan: a room's reader turns to the log.
 *
 * @module
 */

import type { Clock } from "../clock.ts";

/** Where an outbox writes to: `ByteConnection.write`. */
export type Write = (bytes: Uint8Array) => Promise<number>;

export interface OutboxOptions {
  /** Bytes queued at most, but for one piece too large for an empty queue. */
  readonly capacityBytes: number;
  readonly clock: Clock;
}

/** Part of the capacity that only {@linkcode Outbox.push} may use, as a divisor. */
const RESERVE = 8;
/** The queue counts as read once it is down to this part of the capacity, as a divisor. */
const LOW_WATER = 4;

export class Outbox {
  readonly #write: Write;
  readonly #capacityBytes: number;
  readonly #clock: Clock;
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  #isFlushing = false;
  #isBroken = false;
  #progressAt = 0;
  #waiters: { atMost: number; resolve: (isAlive: boolean) => void }[] | undefined;

  constructor(write: Write, { capacityBytes, clock }: OutboxOptions) {
    this.#write = write;
    this.#capacityBytes = capacityBytes;
    this.#clock = clock;
  }

  /** Bytes not yet taken by the system. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Since when the peer has taken nothing, on the clock's monotonic time; `undefined` if nothing waits for it. */
  get stalledSince(): number | undefined {
    return this.#queuedBytes > 0 || this.#isBroken ? this.#progressAt : undefined;
  }

  /** Queues what must not be lost, such as an answer; returns `false` where there is no room for it. */
  push(bytes: Uint8Array): boolean {
    return this.#enqueue(bytes, this.#capacityBytes);
  }

  /** Queues what can be had again, such as a room's events; leaves a reserve for answers. */
  offer(bytes: Uint8Array): boolean {
    return this.#enqueue(bytes, this.#capacityBytes - this.#capacityBytes / RESERVE);
  }

  /** Resolves once most of the queue is taken, to `true`; to `false` once nothing more can be sent. */
  ready(): Promise<boolean> {
    return this.#until(this.#capacityBytes / LOW_WATER);
  }

  /** Resolves once all is taken, to `true`; to `false` once nothing more can be sent. */
  drained(): Promise<boolean> {
    return this.#until(0);
  }

  /** Forgets what is queued and refuses what comes; for a peer that is gone. */
  abandon(): void {
    if (this.#isBroken) return;
    this.#isBroken = true;
    this.#progressAt = this.#clock.monotonic();
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#wake();
  }

  #enqueue(bytes: Uint8Array, limit: number): boolean {
    if (this.#isBroken) return true; // there is nobody to miss it
    if (this.#queuedBytes > 0 && this.#queuedBytes + bytes.length > limit) return false;
    if (bytes.length === 0) return true;
    if (this.#queuedBytes === 0) this.#progressAt = this.#clock.monotonic();
    this.#queue.push(bytes);
    this.#queuedBytes += bytes.length;
    if (!this.#isFlushing) {
      this.#isFlushing = true;
      // Not at once: what the caller pushes next goes along.
      queueMicrotask(() => this.#flush());
    }
    return true;
  }

  #flush(): void {
    const bytes = this.#queue.length === 1 ? this.#queue[0] : concat(this.#queue);
    this.#queue = [];
    this.#send(bytes);
  }

  /** One promise for each write, whatever number of lines is in it. */
  #send(bytes: Uint8Array): void {
    this.#write(bytes).then((taken) => this.#took(bytes, taken), () => this.abandon());
  }

  #took(bytes: Uint8Array, taken: number): void {
    if (this.#isBroken) return;
    this.#queuedBytes -= taken;
    this.#progressAt = this.#clock.monotonic();
    if (taken < bytes.length) this.#send(bytes.subarray(taken));
    else if (this.#queue.length > 0) this.#flush();
    else this.#isFlushing = false;
    if (this.#waiters) this.#wake();
  }

  #until(atMost: number): Promise<boolean> {
    if (this.#isBroken) return Promise.resolve(false);
    if (this.#queuedBytes <= atMost) return Promise.resolve(true);
    return new Promise((resolve) => (this.#waiters ??= []).push({ atMost, resolve }));
  }

  #wake(): void {
    const waiters = this.#waiters ?? [];
    this.#waiters = undefined;
    for (const waiter of waiters) {
      if (this.#isBroken) waiter.resolve(false);
      else if (this.#queuedBytes <= waiter.atMost) waiter.resolve(true);
      else (this.#waiters ??= []).push(waiter);
    }
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  length = 0;
  for (const part of parts) {
    whole.set(part, length);
    length += part.length;
  }
  return whole;
}
