/**
 * A connection's bytes, read no faster than the time for keys allows: a program that types without
 * pause would otherwise use everybody's time.
 *
 * @module
 */

import { type Clock, sleep } from "../../clock.ts";
import { type ByteTaker, type PullableBytes, pullBytes } from "../../transport/connection.ts";

/** Most bytes handled at once. */
const MAX_BYTES = 256;
/** Bytes handled at once at first; more while they take little time, and fewer once they do not. */
const FIRST_BYTES = 32;
/** How long the bytes handled at once should take at most, in milliseconds. */
const MOST_MS = 4;
/** Milliseconds per byte in addition to what is measured, e.g. for reading it. */
const BYTE_MS = 0.001;
/** Milliseconds to wait for each one spent: keys get a twentieth of the time. */
const WAIT_FACTOR = 19;
/** Most milliseconds charged per byte; if it took longer, the machine was busy with others. */
const MOST_BYTE_MS = 0.5;
/** Milliseconds of debt before waiting; nobody types fast enough to get there. */
const AHEAD_MS = 50;

/** The time for keys, shared by the connections in character mode. */
export class KeyTime {
  /** How many connections there are. */
  typing = 0;
  /** How many of them are waiting and share the time for keys. */
  waiting = 0;
}

export class PacedBytes implements AsyncIterable<Uint8Array>, PullableBytes, ByteTaker {
  readonly #bytes: PullableBytes;
  readonly #clock: Clock;
  readonly #keyTime: KeyTime;
  #isPaced = false;
  /** Takes the next bytes. */
  #taker!: ByteTaker;
  /** The rest of the last chunk. */
  #rest: Uint8Array | undefined;
  #lastBytes = 0;
  #mostBytes = FIRST_BYTES;
  /** When all the time spent will be paid for. */
  #paidAt = 0;

  /** @param keyTime Shared by all connections. */
  constructor(bytes: AsyncIterable<Uint8Array>, clock: Clock, keyTime: KeyTime) {
    this.#bytes = bytes[Symbol.asyncIterator]();
    this.#clock = clock;
    this.#keyTime = keyTime;
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return this;
  }

  /** Turns the pacing on or off. */
  set isPaced(isPaced: boolean) {
    if (isPaced !== this.#isPaced) this.#keyTime.typing += isPaced ? 1 : -1;
    this.#isPaced = isPaced;
  }

  /** Charges the milliseconds that handling the last bytes took. */
  spend(ms: number): void {
    const fitting = ms > 0 ? Math.floor(this.#lastBytes * MOST_MS / ms) : MAX_BYTES;
    this.#mostBytes = Math.max(1, Math.min(fitting, 2 * this.#mostBytes, MAX_BYTES));
    this.#owe(Math.min(ms, this.#lastBytes * MOST_BYTE_MS));
  }

  #owe(ms: number): void {
    const waitMs = ms * WAIT_FACTOR * (1 + this.#keyTime.waiting);
    this.#paidAt = Math.max(this.#paidAt, this.#clock.monotonic()) + waitMs;
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    return new Promise((takeBytes, fail) => this.pull({ takeBytes, fail }));
  }

  pull(taker: ByteTaker): void {
    this.#taker = taker;
    const waitMs = this.#isPaced ? this.#paidAt - this.#clock.monotonic() - AHEAD_MS : 0;
    if (waitMs > 0) this.#readAfter(waitMs);
    else this.#read();
  }

  /** This and the next method are part of {@linkcode ByteTaker}. */
  takeBytes(result: IteratorResult<Uint8Array>): void {
    if (result.done) return this.#taker.takeBytes(result);
    this.#passOn(result.value);
  }

  fail(error: unknown): void {
    this.#taker.fail(error);
  }

  async #readAfter(waitMs: number): Promise<void> {
    this.#keyTime.waiting++;
    await sleep(this.#clock, waitMs);
    this.#keyTime.waiting--;
    this.#read();
  }

  #read(): void {
    if (this.#rest) return this.#passOn(this.#rest);
    // Without pacing, the taker gets the bytes directly.
    pullBytes(this.#bytes, this.#isPaced ? this : this.#taker);
  }

  #passOn(rest: Uint8Array): void {
    const value = this.#isPaced ? rest.subarray(0, this.#mostBytes) : rest;
    this.#lastBytes = value.length;
    if (this.#isPaced) this.#owe(value.length * BYTE_MS);
    this.#rest = value.length < rest.length ? rest.subarray(value.length) : undefined;
    this.#taker.takeBytes({ value, done: false });
  }
}
