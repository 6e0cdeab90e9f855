/**
 * The bounded queue of bytes for one peer, and the only writer to its connection.
 *
 * It never makes a caller wait and never reorders. At most one write is under way; everything
 * queued meanwhile leaves in the next. Bytes that do not fit are refused, and the caller must have
 * another plan: the feed of a room turns to the log.
 *
 * @module
 */

import { concat } from "@std/bytes/concat";
import type { ByteConnection } from "../../transport/connection.ts";
import type { DoorTraffic } from "../door_traffic.ts";
import type { Flushable, Flusher } from "./flusher.ts";

/** Where an outbox writes to. */
export type ByteSink = Pick<ByteConnection, "write">;

export interface OutboxOptions {
  /** Most bytes queued, except for answers, and for one piece too large for an empty queue. */
  readonly capacityBytes: number;
  /** Shared by all outboxes that are filled together. */
  readonly flusher: Flusher;
}

/** The part of the capacity that {@linkcode Outbox.offer} leaves free, as a divisor. */
const RESERVE = 8;
/** The part of the capacity at which the queue counts as read, as a divisor. */
const LOW_WATER = 4;
/** An outbox of any capacity counts as read below this. */
const LITTLE_BYTES = 4096;

const NOTHING = new Uint8Array();

export class Outbox implements Flushable {
  /** Called once nothing more can be sent. */
  onBreak: (() => void) | undefined;
  #sink: ByteSink;
  readonly #options: OutboxOptions;
  readonly #traffic: DoorTraffic | undefined;
  /** What is queued. Mostly it is one piece, and a list for it would be most of the garbage. */
  #first: Uint8Array | undefined;
  #rest: Uint8Array[] | undefined;
  /** What is being written. */
  #sent: Uint8Array = NOTHING;
  #queuedBytes = 0;
  #takenBytes = 0;
  #isFlushing = false;
  #isBroken = false;
  #waiters: { atMost: number; resolve: (isAlive: boolean) => void }[] | undefined;

  /** @param traffic Counts what is taken. */
  constructor(sink: ByteSink, options: OutboxOptions, traffic?: DoorTraffic) {
    this.#traffic = traffic;
    this.#sink = sink;
    this.#options = options;
  }

  /** Writes to another sink from now on; only while no write is under way. */
  writeTo(sink: ByteSink): void {
    this.#sink = sink;
  }

  /** Bytes not yet taken by the system. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Whether a write is under way or about to start; `false` for output that is only held back. */
  get isWriting(): boolean {
    return this.#isFlushing;
  }

  /** Bytes taken so far. While some are written and this stands still, the peer is not reading. */
  get takenBytes(): number {
    return this.#takenBytes;
  }

  /** How many bytes fit now; {@linkcode Outbox.offer} takes more only while the outbox is empty. */
  get room(): number {
    const { capacityBytes } = this.#options;
    return capacityBytes - capacityBytes / RESERVE - this.#queuedBytes;
  }

  /** Whether nothing more can be sent. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /**
   * Queues an answer, which must arrive, even if there is no room. Returns what to await before
   * causing another answer, as {@linkcode Outbox.backpressure} does, so the capacity is exceeded by
   * no more than the answers to one request.
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

  /** Queues something dispensable, such as a notice; returns `false` if there is no room. */
  push(bytes: Uint8Array): boolean {
    return this.#enqueue(bytes, this.#options.capacityBytes);
  }

  /**
   * Queues something that can be read again later, such as a room's events, and leaves a reserve
   * for answers; returns `false` if there is no room.
   *
   * @param mayWait Whether it is low-priority: under load it is written some seconds later, or with
   * whatever is queued next; see {@linkcode Flusher.addLate}.
   */
  offer(bytes: Uint8Array, mayWait = false): boolean {
    return this.#enqueue(bytes, this.#queuedBytes + this.room, mayWait);
  }

  /**
   * Resolves to `true` once most of the queue is taken, or to `false` once nothing more can be
   * sent.
   */
  ready(): Promise<boolean> {
    return this.#until(this.#options.capacityBytes / LOW_WATER);
  }

  /** Resolves to `true` once all of it is taken, or to `false` once nothing more can be sent. */
  drained(): Promise<boolean> {
    return this.#until(0);
  }

  /** Drops the queue and refuses more; for a peer that is gone. */
  abandon(): void {
    if (this.#isBroken) return;
    this.#isBroken = true;
    this.#first = this.#rest = undefined;
    this.#queuedBytes = 0;
    this.#options.flusher.removeLate(this);
    this.#wake();
    this.onBreak?.();
  }

  /**
   * Checks whether the peer is gone, without sending anything. Resolves as {@linkcode
   * Outbox.drained} does. A peer that has closed its socket, instead of only ending its side, is
   * only found to be gone once something has been sent to it.
   */
  probe(): Promise<boolean> {
    // The write that is under way will tell.
    if (this.#isBroken || this.#isFlushing) return Promise.resolve(!this.#isBroken);
    return this.#sink.write(NOTHING).then(() => true, () => {
      this.abandon();
      return false;
    });
  }

  #enqueue(bytes: Uint8Array, limit: number, mayWait = false): boolean {
    if (this.#isBroken) return true; // nobody will miss it
    if (this.#queuedBytes > 0 && this.#queuedBytes + bytes.length > limit) return false;
    if (bytes.length === 0) return true;
    if (this.#first) (this.#rest ??= []).push(bytes);
    else this.#first = bytes;
    this.#queuedBytes += bytes.length;
    if (!mayWait) this.#hurry();
    else if (this.#queuedBytes === bytes.length) this.#options.flusher.addLate(this);
    return true;
  }

  /** Schedules a write of everything queued, low-priority output included. */
  #hurry(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    this.#options.flusher.add(this);
  }

  /** Starts to write everything queued. Part of {@linkcode Flushable}. */
  flush(): void {
    if (!this.#first) return; // abandoned since
    this.#isFlushing = true;
    const bytes = this.#rest ? concat([this.#first, ...this.#rest]) : this.#first;
    this.#first = this.#rest = undefined;
    this.#send(bytes);
  }

  /** One promise per write, however many lines it holds. */
  #send(bytes: Uint8Array): void {
    this.#sent = bytes;
    this.#sink.write(bytes).then(this.#took, this.#broke);
  }

  readonly #broke = (): void => this.abandon();

  // Properties, because two closures for every write would cost time.
  readonly #took = (taken: number): void => {
    if (this.#isBroken) return;
    const bytes = this.#sent;
    this.#queuedBytes -= taken;
    this.#takenBytes += taken;
    if (this.#traffic) this.#traffic.bytesOut += taken;
    if (taken < bytes.length) this.#send(bytes.subarray(taken));
    else if (this.#first) this.flush();
    else {
      this.#isFlushing = false;
      this.#sent = NOTHING;
    }
    if (this.#waiters) this.#wake();
  };

  #until(atMost: number): Promise<boolean> {
    if (this.#isBroken) return Promise.resolve(false);
    if (this.#queuedBytes <= atMost) return Promise.resolve(true);
    this.#hurry();
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
