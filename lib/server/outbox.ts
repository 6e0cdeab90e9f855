/**
 * The bounded queue of bytes for one peer, and the only writer to its connection.
 *
 * It never makes a caller wait and never reorders; at most one write is under way, and all that
 * is queued meanwhile leaves in the next one. What does not fit is refused, and the caller must
 * have another plan: a room's reader turns to the log.
 *
 * @module
 */

import { concat } from "@std/bytes/concat";
import { setImmediate } from "node:timers/promises";
import type { ByteConnection } from "../transport/connection.ts";

/** Where an outbox writes to. */
export type ByteSink = Pick<ByteConnection, "write">;

export interface OutboxOptions {
  /** Bytes queued at most, except answers, and one piece too large for an empty queue. */
  readonly capacityBytes: number;
  /** Shared by all outboxes that are filled together. */
  readonly flusher: Flusher;
}

/**
 * Writes begun in one turn of the event loop. The runtime serves only so many sockets in a turn,
 * and not in order: with all writes begun at once, some waited for seconds under load.
 */
const WRITES_AT_ONCE = 100;
/** After so many in a row what has arrived may be read: a key must not wait for all of a crowd. */
const WRITES_BEFORE_READS = 200;

/**
 * Starts the writes of all outboxes that got something, once those who fill them are done: what
 * is queued in one go leaves in one write, and one microtask serves a thousand outboxes.
 */
export class Flusher {
  readonly #reads: () => Promise<unknown>;
  #waiting: Outbox[] = [];
  /** Begun in a row. */
  #writes = 0;

  /**
   * @param reads Resolves once what has arrived has been read.
   * @default {any turn of the event loop}
   */
  constructor(reads: () => Promise<unknown> = () => setImmediate()) {
    this.#reads = reads;
  }

  add(outbox: Outbox): void {
    if (this.#waiting.push(outbox) === 1) queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    const outboxes = this.#waiting.splice(0, WRITES_AT_ONCE);
    for (const outbox of outboxes) outbox.flush();
    this.#writes += outboxes.length;
    const isDone = this.#waiting.length === 0;
    const isReadDue = this.#writes >= WRITES_BEFORE_READS;
    if (isDone || isReadDue) this.#writes = 0;
    if (!isDone) (isReadDue ? this.#reads() : setImmediate()).then(() => this.#flush());
  }
}

/** Part of the capacity that only {@linkcode Outbox.push} may use, as a divisor. */
const RESERVE = 8;
/** The queue counts as read once it is down to this part of the capacity, as a divisor. */
const LOW_WATER = 4;
/** Below this an outbox of any capacity counts as read. */
const LITTLE_BYTES = 4096;

const NOTHING = new Uint8Array();

export class Outbox {
  /** Called once nothing more can be sent. */
  onBreak: (() => void) | undefined;
  readonly #sink: ByteSink;
  readonly #options: OutboxOptions;
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  #takenBytes = 0;
  #isFlushing = false;
  #isBroken = false;
  #waiters: { atMost: number; resolve: (isAlive: boolean) => void }[] | undefined;

  constructor(sink: ByteSink, options: OutboxOptions) {
    this.#sink = sink;
    this.#options = options;
  }

  /** Bytes not yet taken by the system. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Bytes taken so far; while some are queued and this stands still, the peer does not read. */
  get takenBytes(): number {
    return this.#takenBytes;
  }

  /** Whether nothing more can be sent. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /**
   * Queues an answer, which must arrive, whatever room there is. Returns what to await before
   * anything is done that causes another answer, as {@linkcode Outbox.backpressure} does, so the
   * capacity is exceeded by no more than the answers to one request.
   */
  send(bytes: Uint8Array): Promise<boolean> | undefined {
    this.#enqueue(bytes, Infinity);
    return this.backpressure();
  }

  /**
   * Resolves as {@linkcode Outbox.ready} does; `undefined` while little is queued, because a promise
   * for each line would be most of the work.
   */
  backpressure(): Promise<boolean> | undefined {
    return this.#queuedBytes > LITTLE_BYTES ? this.ready() : undefined;
  }

  /** Queues what may be left out, such as a notice; returns `false` if there is no room for it. */
  push(bytes: Uint8Array): boolean {
    return this.#enqueue(bytes, this.#options.capacityBytes);
  }

  /** Queues what can be had again, such as a room's events; leaves a reserve for answers. */
  offer(bytes: Uint8Array): boolean {
    const { capacityBytes } = this.#options;
    return this.#enqueue(bytes, capacityBytes - capacityBytes / RESERVE);
  }

  /** Resolves once most of the queue is taken, to `true`; to `false` once nothing more can be sent. */
  ready(): Promise<boolean> {
    return this.#until(this.#options.capacityBytes / LOW_WATER);
  }

  /** Resolves once all is taken, to `true`; to `false` once nothing more can be sent. */
  drained(): Promise<boolean> {
    return this.#until(0);
  }

  /** Forgets what is queued and refuses what comes; for a peer that is gone. */
  abandon(): void {
    if (this.#isBroken) return;
    this.#isBroken = true;
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#wake();
    this.onBreak?.();
  }

  /**
   * Looks whether the peer is gone, without sending it anything; resolves to whether anything can
   * be sent, as {@linkcode Outbox.drained} does. A peer that closed its socket, and did not only
   * end its side, is found out once something has been sent to it.
   */
  probe(): Promise<boolean> {
    // A write that is under way will tell.
    if (this.#isBroken || this.#isFlushing) return Promise.resolve(!this.#isBroken);
    return this.#sink.write(NOTHING).then(() => true, () => {
      this.abandon();
      return false;
    });
  }

  #enqueue(bytes: Uint8Array, limit: number): boolean {
    if (this.#isBroken) return true; // there is nobody to miss it
    if (this.#queuedBytes > 0 && this.#queuedBytes + bytes.length > limit) return false;
    if (bytes.length === 0) return true;
    this.#queue.push(bytes);
    this.#queuedBytes += bytes.length;
    if (!this.#isFlushing) {
      this.#isFlushing = true;
      this.#options.flusher.add(this);
    }
    return true;
  }

  /** Starts the write of all that is queued. For the {@linkcode Flusher}. */
  flush(): void {
    if (this.#queue.length === 0) return; // abandoned since
    const bytes = this.#queue.length === 1 ? this.#queue[0] : concat(this.#queue);
    this.#queue = [];
    this.#send(bytes);
  }

  /** One promise for each write, whatever number of lines is in it. */
  #send(bytes: Uint8Array): void {
    this.#sink.write(bytes).then((taken) => this.#took(bytes, taken), () => this.abandon());
  }

  #took(bytes: Uint8Array, taken: number): void {
    if (this.#isBroken) return;
    this.#queuedBytes -= taken;
    this.#takenBytes += taken;
    if (taken < bytes.length) this.#send(bytes.subarray(taken));
    else if (this.#queue.length > 0) this.flush();
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
