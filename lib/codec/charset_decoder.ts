/**
 * Decodes streams in a {@linkcode Charset}: line by line, where each line may be UTF-8, or as bytes
 * arrive.
 *
 * @module
 */

import { concat } from "@std/bytes/concat";
import type { Charset } from "./charset.ts";
import {
  countReplacements,
  decodeWhole,
  type LineBytesDecoder,
  type RepairedLine,
  type StreamDecoder,
  unfinishedBytes,
} from "./utf8.ts";

const LF = 0x0a;
const FIRST_CAPACITY = 256;

/** Decodes line by line. It holds the unfinished line, so apply `LineLimit` first. */
export class CharsetLineDecoder implements LineBytesDecoder {
  readonly repairs: RepairedLine[] = [];
  readonly #charset: Charset;
  /** The unfinished line, in a buffer that is larger. */
  #held = new Uint8Array();
  #length = 0;

  constructor(charset: Charset) {
    this.#charset = charset;
  }

  /** The text of the lines that this chunk completes. */
  decode(chunk: Uint8Array, line: number): string {
    const end = chunk.lastIndexOf(LF) + 1;
    if (end === 0) {
      this.#hold(chunk);
      return "";
    }
    const bytes = this.#length > 0 ? concat([this.#take(), chunk.subarray(0, end)]) : chunk;
    const text = this.#decodeLines(bytes === chunk ? chunk.subarray(0, end) : bytes, line);
    this.#hold(chunk.subarray(end));
    return text;
  }

  finish(line: number): string {
    return this.#decodeLine(this.#take(), line);
  }

  /** Takes the last byte for a character: in nearly all lines it is one. */
  eraseCharacter(): number {
    if (this.#length === 0) return 0;
    this.#length--;
    return 1;
  }

  forget(): void {
    this.#take();
  }

  #decodeLines(bytes: Uint8Array, firstLine: number): string {
    const { text, repairs } = decodeWhole(bytes);
    if (repairs === 0) return text;
    let decoded = "";
    let line = firstLine;
    for (let start = 0; start < bytes.length;) {
      const end = bytes.indexOf(LF, start) + 1;
      decoded += this.#decodeLine(bytes.subarray(start, end), line++);
      start = end;
    }
    return decoded;
  }

  #decodeLine(bytes: Uint8Array, line: number): string {
    const { text, repairs } = this.#charset.decode(bytes);
    if (repairs > 0) this.repairs.push({ line, count: repairs });
    return text;
  }

  #hold(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > this.#held.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#held.length, FIRST_CAPACITY));
      larger.set(this.#held.subarray(0, this.#length));
      this.#held = larger;
    }
    this.#held.set(bytes, this.#length);
    this.#length = length;
  }

  #take(): Uint8Array {
    const bytes = this.#held.subarray(0, this.#length);
    // Drop the buffer: an idle connection must be cheap.
    this.#held = new Uint8Array();
    this.#length = 0;
    return bytes;
  }
}

/** Decodes all characters at once, as UTF-8 until something is not UTF-8. */
export class CharsetStreamDecoder implements StreamDecoder {
  readonly repairs: RepairedLine[] = [];
  readonly #charset: Charset;
  /** The start of an incomplete UTF-8 character. */
  #tail = new Uint8Array();
  /** Set once the stream is known not to be UTF-8. */
  #decoder: TextDecoder | undefined;

  constructor(charset: Charset) {
    this.#charset = charset;
  }

  decode(chunk: Uint8Array, line: number): string {
    if (this.#decoder) return this.#note(this.#decoder.decode(chunk, { stream: true }), line);
    const bytes = concat([this.#tail, chunk]);
    const end = bytes.length - unfinishedBytes(bytes);
    this.#tail = bytes.slice(end);
    const { text, repairs } = decodeWhole(bytes.subarray(0, end));
    if (repairs === 0) return text;
    this.#decoder = this.#charset.createDecoder();
    return this.#note(this.#decoder.decode(bytes, { stream: true }), line);
  }

  finish(line: number): string {
    const decoder = this.#decoder ?? this.#charset.createDecoder();
    return this.#note(decoder.decode(this.#decoder ? undefined : this.#tail), line);
  }

  #note(text: string, firstLine: number): string {
    text.split("\n").forEach((part, index) => {
      const count = countReplacements(part);
      if (count > 0) this.repairs.push({ line: firstLine + index, count });
    });
    return text;
  }
}
