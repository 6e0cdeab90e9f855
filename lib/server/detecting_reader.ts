/**
 * Finding out by a connection's first bytes whether it counts octets or sends lines (RFC 6587
 * section 3.4), and reading it the one way or the other from then on.
 *
 * @module
 */

import { concat } from "@std/bytes/concat";
import { countsOctets } from "../codec/octet_counting.ts";
import type { LineBatch, LineDamage, LineInput } from "./framing.ts";

/** Makes the input that fits, once it is known which. */
export type CreateInput = (
  bytes: AsyncIterable<Uint8Array>,
  isOctetCounted: boolean,
) => LineInput;

/** The lines or messages of one connection. */
export class DetectingReader implements LineInput {
  readonly #bytes: AsyncIterator<Uint8Array>;
  readonly #create: CreateInput;
  #input: LineInput | undefined;
  #isDetecting = false;

  constructor(bytes: AsyncIterable<Uint8Array>, create: CreateInput) {
    this.#bytes = bytes[Symbol.asyncIterator]();
    this.#create = create;
  }

  get damage(): LineDamage | undefined {
    return this.#input?.damage;
  }

  get isUnfinished(): boolean {
    return this.#input?.isUnfinished ?? false;
  }

  get isWaiting(): boolean {
    return this.#input ? this.#input.isWaiting : this.#isDetecting;
  }

  next(): Promise<IteratorResult<string>> {
    return this.#input ? this.#input.next() : this.#detect();
  }

  gather(first: string): Promise<LineBatch> {
    return this.#input!.gather(first);
  }

  async discard(): Promise<void> {
    if (this.#input) await this.#input.discard();
    else while (!(await this.#bytes.next()).done);
  }

  async #detect(): Promise<IteratorResult<string>> {
    let seen: Uint8Array = new Uint8Array();
    let isOctetCounted: boolean | undefined;
    let isAtEnd = false;
    this.#isDetecting = true;
    while (isOctetCounted === undefined && !isAtEnd) {
      const { value, done } = await this.#bytes.next();
      if (done) isAtEnd = true;
      // The chunk is the transport's again once the next is asked for.
      else seen = seen.length === 0 ? value : concat([seen, value]);
      isOctetCounted = countsOctets(seen);
      if (isOctetCounted === undefined) seen = seen.slice();
    }
    this.#isDetecting = false;
    this.#input = this.#create(resume(seen, this.#bytes), isOctetCounted ?? false);
    return await this.#input.next();
  }
}

/** What was read already, and what comes after it. */
function resume(
  seen: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncIterable<Uint8Array> {
  let isFirst = seen.length > 0;
  const next = () => {
    if (!isFirst) return rest.next();
    isFirst = false;
    return Promise.resolve({ value: seen, done: false });
  };
  return { [Symbol.asyncIterator]: () => ({ next }) };
}
