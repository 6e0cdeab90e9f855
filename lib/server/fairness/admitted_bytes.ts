/**
 * A connection's bytes, each chunk once the peer is admitted: a peer that always has more to be
 * read waits for its turn between chunks, whatever its bytes are.
 *
 * @module
 */

import { type ByteTaker, type PullableBytes, pullBytes } from "../../transport/connection.ts";
import type { DoorTraffic } from "../door_traffic.ts";
import type { WorkAccount } from "./work_account.ts";

/** Bytes admitted at once. As many of telnet's requests, or empty lines, take 15 ms. */
export const UNIT_BYTES = 8 * 1024;

/** The part of a unit that the smallest chunk amounts to, because reading it takes time, too. */
const LEAST_SHARE = 1 / 8;

export class AdmittedBytes implements PullableBytes, ByteTaker, AsyncIterableIterator<Uint8Array> {
  readonly #bytes: PullableBytes;
  readonly #work: WorkAccount;
  readonly #traffic: DoorTraffic | undefined;
  /** Takes the next chunk. */
  #taker!: ByteTaker;
  /** What follows in the chunk that was read last. */
  #rest: Uint8Array | undefined;
  /** How many bytes have come. */
  count = 0;
  /** Whether it waits for the peer, and not for a turn or for whoever takes the bytes. */
  isWaiting = false;

  constructor(bytes: AsyncIterable<Uint8Array>, work: WorkAccount, traffic?: DoorTraffic) {
    this.#traffic = traffic;
    this.#bytes = bytes[Symbol.asyncIterator]();
    this.#work = work;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    return new Promise((takeBytes, fail) => this.pull({ takeBytes, fail }));
  }

  /** As {@linkcode AdmittedBytes.next}, without the promises that it would cost. */
  pull(taker: ByteTaker): void {
    this.#taker = taker;
    if (this.#rest) return this.takeBytes({ value: this.#rest, done: false });
    this.isWaiting = true;
    pullBytes(this.#bytes, this);
  }

  /** This and the next method are part of {@linkcode ByteTaker}. */
  takeBytes(result: IteratorResult<Uint8Array>): void {
    this.isWaiting = false;
    // When a thousand peers disconnect at once, input of the others is handled before that.
    if (result.done) return this.#give(result, this.#work.turn());
    const { value } = result;
    this.#rest = value.length > UNIT_BYTES ? value.subarray(UNIT_BYTES) : undefined;
    const unit: IteratorResult<Uint8Array> = this.#rest
      ? { value: value.subarray(0, UNIT_BYTES), done: false }
      : result;
    this.count += unit.value.length;
    if (this.#traffic) this.#traffic.bytesIn += unit.value.length;
    this.#give(unit, this.#work.admit(Math.max(LEAST_SHARE, unit.value.length / UNIT_BYTES)));
  }

  #give(result: IteratorResult<Uint8Array>, turn: Promise<void> | undefined): void {
    if (turn) turn.then(() => this.#taker.takeBytes(result));
    else this.#taker.takeBytes(result);
  }

  fail(error: unknown): void {
    this.#taker.fail(error);
  }
}
