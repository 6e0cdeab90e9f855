/**
 * Decodes the bytes of lines: applies the limit on a line's length, then decodes UTF-8 or another
 * encoding, and records what either had to change.
 *
 * @module
 */

import type { Charset } from "./charset.ts";
import { CharsetLineDecoder } from "./charset_decoder.ts";
import type { Erasure } from "./erasure.ts";
import { LineLimit } from "./line_limit.ts";
import { type LineBytesDecoder, Utf8Decoder } from "./utf8.ts";

/** Changes that were necessary to keep a line. */
export interface LineDamage {
  /** Bytes dropped because the line was too long. */
  readonly cutBytes: number;
  /** Sequences that are invalid in the encoding and became U+FFFD. */
  readonly repairs: number;
  /** Bytes that the peer announced and never sent; only with octet counting. */
  readonly missingBytes?: number;
}

const encoder = new TextEncoder();

/** Decodes the lines of one stream, or of one datagram. */
export class LineDecoder {
  readonly #limit: LineLimit;
  readonly #decoder: LineBytesDecoder;
  /** The number of lines that {@linkcode LineDecoder.takeDamage} has been asked about. */
  #line = 0;

  /** @param charset The encoding of lines that are not UTF-8. @default {UTF-8} */
  constructor(maxLineBytes: number, charset?: Charset) {
    this.#limit = new LineLimit(maxLineBytes);
    this.#decoder = charset ? new CharsetLineDecoder(charset) : new Utf8Decoder();
  }

  /** The text of all characters that this chunk completes, newlines included. */
  decode(chunk: Uint8Array): string {
    const kept = this.#limit.apply(chunk, this.#line);
    this.#retract(this.#limit.takeRetracted());
    return this.#decoder.decode(kept, this.#line);
  }

  /** The rest at the end of the input: U+FFFD for an unfinished character, otherwise nothing. */
  finish(): string {
    this.#limit.finish(this.#line);
    return this.#decoder.finish(this.#line);
  }

  /**
   * Erases the end of the unfinished line.
   *
   * @param text What has been decoded of that line.
   * @returns What is left of it.
   */
  erase(what: Erasure, text: string): string {
    if (what === "line") {
      this.#limit.forget();
      this.#decoder.forget();
      this.#forgetRepairs(Infinity);
      return "";
    }
    // Characters beyond the limit are not known any longer.
    if (this.#limit.isCutting) return text;
    const held = this.#decoder.eraseCharacter();
    const last = held === 0 ? text.slice(startOfLast(text)) : "";
    this.#limit.retract(held || encoder.encode(last).length);
    if (last === "\ufffd") this.#forgetRepairs(1);
    return text.slice(0, text.length - last.length);
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

  /** Takes back bytes at the end of what has not been decoded. */
  #retract(bytes: number): void {
    for (let left = bytes; left > 0;) {
      const erased = this.#decoder.eraseCharacter();
      // Nothing is left if they became U+FFFD, because what followed them was erased.
      if (erased === 0) return;
      left -= erased;
    }
  }

  /** Forgets the last repairs of the unfinished line. */
  #forgetRepairs(count: number): void {
    const { repairs } = this.#decoder;
    while (count > 0 && repairs.at(-1)?.line === this.#line) {
      const last = repairs.pop()!;
      if (last.count > count) repairs.push({ ...last, count: last.count - count });
      count -= last.count;
    }
  }
}

/** Where the last character begins, which may be a surrogate pair. */
function startOfLast(text: string): number {
  const { length } = text;
  return length > 1 && text.codePointAt(length - 2)! > 0xffff ? length - 2 : length - 1;
}
