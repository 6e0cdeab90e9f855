/**
 * A connection's bytes, read no faster than its keys can be dealt with in passing: a program that
 * types without pause would otherwise take the time of everybody else.
 *
 * @module
 */

import { type Clock, sleep } from "../clock.ts";

/** Bytes dealt with in one go; so many keys can take some milliseconds. */
const MAX_BYTES = 256;
/** What a byte takes besides what is measured, in milliseconds: reading it, for one. */
const BYTE_MS = 0.001;
/** So many milliseconds are waited for each that was spent: a twentieth of the time is for keys. */
const WAIT_FACTOR = 19;
/** The most that a byte is charged: what took longer was the machine, which had others to serve. */
const MOST_BYTE_MS = 0.1;
/** What may be owed of that, in milliseconds: nobody who types comes near. */
const AHEAD_MS = 50;

/** What connections share whose keys are answered one by one. */
export class KeyTime {
  /** How many of them there are. */
  typing = 0;
  /** How many have to wait at the moment, and share the time that there is for keys. */
  waiting = 0;
}

export class PacedBytes implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array> {
  readonly #bytes: AsyncIterator<Uint8Array>;
  readonly #clock: Clock;
  readonly #keyTime: KeyTime;
  #isPaced = false;
  /** What is left of the chunk read last. */
  #rest: Uint8Array | undefined;
  #lastBytes = 0;
  /** When all that was spent will have been waited for. */
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

  /** Counts the milliseconds that it took to deal with what came last. */
  spend(ms: number): void {
    this.#owe(Math.min(ms, this.#lastBytes * MOST_BYTE_MS));
  }

  #owe(ms: number): void {
    const waitMs = ms * WAIT_FACTOR * (1 + this.#keyTime.waiting);
    this.#paidAt = Math.max(this.#paidAt, this.#clock.monotonic()) + waitMs;
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    return this.#isPaced || this.#rest ? this.#nextPaced() : this.#bytes.next();
  }

  async #nextPaced(): Promise<IteratorResult<Uint8Array>> {
    const waitMs = this.#paidAt - this.#clock.monotonic() - AHEAD_MS;
    if (this.#isPaced && waitMs > 0) {
      this.#keyTime.waiting++;
      await sleep(this.#clock, waitMs);
      this.#keyTime.waiting--;
    }
    if (!this.#rest) {
      const result = await this.#bytes.next();
      if (result.done) return result;
      this.#rest = result.value;
    }
    const value = this.#isPaced ? this.#rest.subarray(0, MAX_BYTES) : this.#rest;
    this.#lastBytes = value.length;
    if (this.#isPaced) this.#owe(value.length * BYTE_MS);
    this.#rest = value.length < this.#rest.length ? this.#rest.subarray(value.length) : undefined;
    return { value, done: false };
  }
}
