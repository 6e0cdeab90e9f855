/**
 * Detects from a connection's first bytes whether it uses octet counting or newlines (RFC 6587
 * section 3.4), and frames it accordingly from then on.
 *
 * @module
 */

import { concat } from "@std/bytes/concat";
import { countsOctets } from "../../codec/octet_count.ts";
import type { Framer, LineBatch } from "./framer.ts";

/** Makes the framer once it is known which one fits. */
export type CreateFramer = (bytes: AsyncIterable<Uint8Array>, isOctetCounted: boolean) => Framer;

/** The lines or messages of one connection. */
export class AutoFramer implements Framer {
  readonly #bytes: AsyncIterator<Uint8Array>;
  readonly #create: CreateFramer;
  #framer: Framer | undefined;
  #isDetecting = false;

  constructor(bytes: AsyncIterable<Uint8Array>, create: CreateFramer) {
    this.#bytes = bytes[Symbol.asyncIterator]();
    this.#create = create;
  }

  get isWaiting(): boolean {
    return this.#framer ? this.#framer.isWaiting : this.#isDetecting;
  }

  get isOctetCounted(): boolean {
    return this.#framer?.isOctetCounted ?? false;
  }

  read(): Promise<LineBatch | undefined> {
    return this.#framer ? this.#framer.read() : this.#detect();
  }

  async discard(): Promise<void> {
    if (this.#framer) await this.#framer.discard();
    else while (!(await this.#bytes.next()).done);
  }

  async #detect(): Promise<LineBatch | undefined> {
    let seen: Uint8Array = new Uint8Array();
    let isOctetCounted: boolean | undefined;
    let isAtEnd = false;
    this.#isDetecting = true;
    while (isOctetCounted === undefined && !isAtEnd) {
      const { value, done } = await this.#bytes.next();
      if (done) isAtEnd = true;
      else seen = seen.length === 0 ? value : concat([seen, value]);
      isOctetCounted = countsOctets(seen);
      // The transport reuses the chunk's buffer for the next one.
      if (isOctetCounted === undefined) seen = seen.slice();
    }
    this.#isDetecting = false;
    this.#framer = this.#create(prepend(seen, this.#bytes), isOctetCounted ?? false);
    return await this.#framer.read();
  }
}

/** `seen`, then `rest`. */
function prepend(seen: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncIterable<Uint8Array> {
  let isFirst = seen.length > 0;
  const next = () => {
    if (!isFirst) return rest.next();
    isFirst = false;
    return Promise.resolve({ value: seen, done: false });
  };
  return { [Symbol.asyncIterator]: () => ({ next }) };
}
