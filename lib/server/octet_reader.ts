/**
 * The messages of a connection that counts octets, as lines: `codec/octet_counting.ts` in the place
 * of `TextLineStream`. A message may have newlines in it.
 *
 * @module
 */

import { type FrameLoss, OctetFramer } from "../codec/octet_counting.ts";
import { decodeWhole } from "../codec/utf8.ts";
import type { LineBatch, LineDamage, LineInput } from "./framing.ts";

export interface OctetReaderOptions {
  /** Sees every chunk before it is read; what it returns is read. */
  readonly filter: (chunk: Uint8Array) => Uint8Array;
  /** Longest message, in bytes. */
  readonly maxLineBytes: number;
}

/** The messages of one connection. */
export class OctetReader implements LineInput {
  damage: LineDamage | undefined;
  /** What was announced and did not come is known, and is in the damage. */
  readonly isUnfinished = false;
  isWaiting = false;
  readonly #bytes: AsyncIterator<Uint8Array>;
  readonly #filter: (chunk: Uint8Array) => Uint8Array;
  readonly #framer: OctetFramer;
  /** What the last chunk held, and how much of it has been returned. */
  #lines: string[] = [];
  #damages: Map<number, LineDamage> | undefined;
  #next = 0;

  constructor(
    bytes: AsyncIterable<Uint8Array>,
    { filter, maxLineBytes }: OctetReaderOptions,
  ) {
    this.#bytes = bytes[Symbol.asyncIterator]();
    this.#filter = filter;
    this.#framer = new OctetFramer(maxLineBytes);
  }

  async next(): Promise<IteratorResult<string>> {
    if (this.#next === this.#lines.length) await this.#pull();
    if (this.#next === this.#lines.length) return { value: undefined, done: true };
    this.damage = this.#damages?.get(this.#next);
    return { value: this.#lines[this.#next++], done: false };
  }

  gather(_first: string): Promise<LineBatch> {
    const start = this.#next - 1;
    const lines = start === 0 ? this.#lines : this.#lines.slice(start);
    const damage = this.#damages &&
      new Map(Array.from(this.#damages, ([index, damage]) => [index - start, damage]));
    this.#next = this.#lines.length;
    return Promise.resolve({ lines, damage });
  }

  async discard(): Promise<void> {
    while (!(await this.#bytes.next()).done);
  }

  /** Reads until there is a message, or no more. */
  async #pull(): Promise<void> {
    this.#lines = [];
    this.#damages = undefined;
    this.#next = 0;
    const take = (bytes: Uint8Array, loss: FrameLoss | undefined) => this.#take(bytes, loss);
    while (this.#lines.length === 0) {
      this.isWaiting = true;
      const { value, done } = await this.#bytes.next();
      this.isWaiting = false;
      if (done) return this.#framer.finish(take);
      this.#framer.push(this.#filter(value), take);
    }
  }

  #take(bytes: Uint8Array, loss: FrameLoss | undefined): void {
    const { text, repairs } = decodeWhole(bytes);
    if (loss || repairs > 0) {
      const { cutBytes = 0, missingBytes = 0 } = loss ?? {};
      const damage = { cutBytes, repairs, ...(missingBytes > 0 ? { missingBytes } : {}) };
      (this.#damages ??= new Map()).set(this.#lines.length, damage);
    }
    // Some count the newline in that they would have sent without counting.
    if (text.endsWith("\r\n")) this.#lines.push(text.slice(0, -2));
    else if (text.endsWith("\n") || text.endsWith("\r")) this.#lines.push(text.slice(0, -1));
    else this.#lines.push(text);
  }
}
