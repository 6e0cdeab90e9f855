/**
 * A connection's bytes, each chunk once the peer is admitted: a peer that always has more to be
 * read waits for its turn between chunks, whatever its bytes are.
 *
 * @module
 */

import type { WorkAccount } from "./fair_budget.ts";

/** Bytes admitted at once. As many of telnet's requests take 30 ms. */
const UNIT_BYTES = 16 * 1024;

export class AdmittedBytes implements AsyncIterableIterator<Uint8Array> {
  readonly #bytes: AsyncIterator<Uint8Array>;
  readonly #work: WorkAccount;
  /** Settles what `next` returned last. */
  #resolve!: (result: IteratorResult<Uint8Array>) => void;
  /** What follows in the chunk that was read last. */
  #rest: Uint8Array | undefined;
  /** What waits to be admitted. */
  #waiting: IteratorResult<Uint8Array> | undefined;
  /** How many bytes have come. */
  count = 0;

  constructor(bytes: AsyncIterable<Uint8Array>, work: WorkAccount) {
    this.#bytes = bytes[Symbol.asyncIterator]();
    this.#work = work;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      if (this.#rest) this.#admit({ value: this.#rest, done: false });
      else this.#bytes.next().then(this.#admit, reject);
    });
  }

  // Properties, because closures for every chunk would cost time.
  readonly #admit = (result: IteratorResult<Uint8Array>): void => {
    if (result.done) return this.#resolve(result);
    const { length } = result.value;
    const isLarge = length > UNIT_BYTES;
    this.#rest = isLarge ? result.value.subarray(UNIT_BYTES) : undefined;
    if (isLarge) result = { value: result.value.subarray(0, UNIT_BYTES), done: false };
    this.count += Math.min(length, UNIT_BYTES);
    const turn = this.#work.admit();
    if (!turn) return this.#resolve(result);
    this.#waiting = result;
    turn.then(this.#release);
  };

  readonly #release = (): void => {
    const result = this.#waiting!;
    this.#waiting = undefined;
    this.#resolve(result);
  };
}
