/**
 * Decodes the bytes of lines: applies the limit on a line's length, then decodes UTF-8 or another
 * encoding, and records what either had to change.
 *
 * @module
 */

import type { Charset } from "./charset.ts";
import { CharsetLineDecoder } from "./charset_decoder.ts";
import { LineLimit } from "./line_limit.ts";
import { type StreamDecoder, Utf8Decoder } from "./utf8.ts";

/** Changes that were necessary to keep a line. */
export interface LineDamage {
  /** Bytes dropped because the line was too long. */
  readonly cutBytes: number;
  /** Sequences that are invalid in the encoding and became U+FFFD. */
  readonly repairs: number;
  /** Bytes that the peer announced and never sent; only with octet counting. */
  readonly missingBytes?: number;
}

/** Decodes the lines of one stream, or of one datagram. */
export class LineDecoder {
  readonly #limit: LineLimit;
  readonly #decoder: StreamDecoder;
  /** The number of lines that {@linkcode LineDecoder.takeDamage} has been asked about. */
  #line = 0;

  /** @param charset What lines that are not UTF-8 are written in. @default {UTF-8} */
  constructor(maxLineBytes: number, charset?: Charset) {
    this.#limit = new LineLimit(maxLineBytes);
    this.#decoder = charset ? new CharsetLineDecoder(charset) : new Utf8Decoder();
  }

  /** The text of all characters that this chunk completes, newlines included. */
  decode(chunk: Uint8Array): string {
    return this.#decoder.decode(this.#limit.apply(chunk, this.#line), this.#line);
  }

  /** The rest at the end of the input: U+FFFD for an unfinished character, otherwise nothing. */
  finish(): string {
    this.#limit.finish(this.#line);
    return this.#decoder.finish(this.#line);
  }

  /**
   * The damage to the next `count` lines, by index; `undefined` for none. Must be called for all
   * lines that a chunk has completed before the next chunk is decoded.
   */
  takeDamage(count: number): ReadonlyMap<number, LineDamage> | undefined {
    const first = this.#line;
    this.#line += count;
    const { cuts } = this.#limit;
    const { repairs } = this.#decoder;
    if (cuts.length === 0 && repairs.length === 0) return undefined;
    const damage = new Map<number, LineDamage>();
    for (let index = 0; index < count; index++) {
      const cutBytes = cuts[0]?.line === first + index ? cuts.shift()!.bytes : 0;
      let repaired = 0;
      while (repairs[0]?.line === first + index) repaired += repairs.shift()!.count;
      if (cutBytes + repaired > 0) damage.set(index, { cutBytes, repairs: repaired });
    }
    return damage.size > 0 ? damage : undefined;
  }
}
