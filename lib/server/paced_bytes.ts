/**
 * A connection's bytes, read no faster than its keys can be dealt with in passing: a program that
 * types without pause would otherwise take the time of everybody else.
 *
 * @module
 */

import { type Clock, sleep } from "../clock.ts";

/** Bytes dealt with in one go. */
const MAX_BYTES = 1024;
/** So many milliseconds are waited for each that was spent. */
const WAIT_FACTOR = 4;
/** What may be spent ahead of that, in milliseconds of waiting: nobody who types comes near. */
const AHEAD_MS = 20;

export class PacedBytes implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array> {
  readonly #bytes: AsyncIterator<Uint8Array>;
  readonly #clock: Clock;
  #isPaced = false;
  /** What is left of the chunk read last. */
  #rest: Uint8Array | undefined;
  /** When all that was spent will have been waited for. */
  #paidAt = 0;

  constructor(bytes: AsyncIterable<Uint8Array>, clock: Clock) {
    this.#bytes = bytes[Symbol.asyncIterator]();
    this.#clock = clock;
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return this;
  }

  /** Turns the pacing on or off. */
  set isPaced(isPaced: boolean) {
    this.#isPaced = isPaced;
  }

  /** Counts the milliseconds that it took to deal with what came last. */
  spend(ms: number): void {
    this.#paidAt = Math.max(this.#paidAt, this.#clock.monotonic()) + ms * WAIT_FACTOR;
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    return this.#isPaced || this.#rest ? this.#nextPaced() : this.#bytes.next();
  }

  async #nextPaced(): Promise<IteratorResult<Uint8Array>> {
    const waitMs = this.#paidAt - this.#clock.monotonic() - AHEAD_MS;
    if (this.#isPaced && waitMs > 0) await sleep(this.#clock, waitMs);
    if (!this.#rest) {
      const result = await this.#bytes.next();
      if (result.done) return result;
      this.#rest = result.value;
    }
    const value = this.#isPaced ? this.#rest.subarray(0, MAX_BYTES) : this.#rest;
    this.#rest = value.length < this.#rest.length ? this.#rest.subarray(value.length) : undefined;
    return { value, done: false };
  }
}
