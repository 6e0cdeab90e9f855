/**
 * A connection's bytes, each chunk once the peer is admitted: a peer that always has more to be
 * read waits for its turn between chunks, whatever its bytes are.
 *
 * @module
 */

import type { WorkAccount } from "./fair_budget.ts";

export class AdmittedBytes implements AsyncIterableIterator<Uint8Array> {
  readonly #bytes: AsyncIterator<Uint8Array>;
  readonly #work: WorkAccount;
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
    return this.#bytes.next().then(this.#admit);
  }

  /** Created once, because it is needed for every read. */
  readonly #admit = (
    result: IteratorResult<Uint8Array>,
  ): IteratorResult<Uint8Array> | Promise<IteratorResult<Uint8Array>> => {
    if (result.done) return result;
    this.count += result.value.length;
    const turn = this.#work.admit();
    return turn ? turn.then(() => result) : result;
  };
}
