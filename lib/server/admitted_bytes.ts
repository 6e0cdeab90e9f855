/**
 * A connection's bytes, each chunk once the peer is admitted: a peer that always has more to be
 * read waits for its turn between chunks, whatever its bytes are.
 *
 * @module
 */

import type { PullableBytes, TakeBytes } from "../transport/connection.ts";
import type { WorkAccount } from "./work_account.ts";

/** Bytes admitted at once. As many of telnet's requests, or empty lines, take 15 ms. */
export const UNIT_BYTES = 8 * 1024;

export class AdmittedBytes implements PullableBytes, AsyncIterableIterator<Uint8Array> {
  readonly #bytes: PullableBytes;
  readonly #work: WorkAccount;
  /** Takes the next chunk. */
  #take!: TakeBytes;
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
    return new Promise((resolve, reject) => this.pull(resolve, reject));
  }

  /** As {@linkcode AdmittedBytes.next}, without the promises that it would cost. */
  pull(take: TakeBytes, fail: (error: unknown) => void): void {
    this.#take = take;
    if (this.#rest) this.#admit({ value: this.#rest, done: false });
    else if (this.#bytes.pull) this.#bytes.pull(this.#admit, fail);
    else this.#bytes.next().then(this.#admit, fail);
  }

  // Properties, because closures for every chunk would cost time.
  readonly #admit = (result: IteratorResult<Uint8Array>): void => {
    if (result.done) return this.#take(result);
    const { value } = result;
    this.#rest = value.length > UNIT_BYTES ? value.subarray(UNIT_BYTES) : undefined;
    this.#waiting = this.#rest ? { value: value.subarray(0, UNIT_BYTES), done: false } : result;
    this.count += Math.min(value.length, UNIT_BYTES);
    this.#work.admitThen(this.#release);
  };

  readonly #release = (): void => {
    const result = this.#waiting!;
    this.#waiting = undefined;
    this.#take(result);
  };
}
