/**
 * A cap on the bytes of a line, applied before anything collects lines: otherwise a peer that never
 * sends a newline would fill memory.
 *
 * @module
 */

import { concat } from "@std/bytes/concat";
import { unfinishedBytes } from "./utf8.ts";

const LF = 0x0a;
const CR = 0x0d;
/** The most bytes of a UTF-8 character that is not complete. */
const MOST_OF_CHARACTER = 3;
const NONE: readonly number[] = [];

/** A line that was too long. */
export interface CutLine {
  /** The number of newlines before it. */
  readonly line: number;
  /** How many of its bytes were dropped. */
  readonly bytes: number;
}

/** What people are told of a line that was typed or sent and is too long. */
export function tooLongNotice(maxBytes: number): string {
  return `That line is longer than ${maxBytes} bytes and was not sent. Split it into shorter lines.`;
}

/**
 * Passes lines of up to `maxBytes` bytes (not counting the newline and a carriage return before it)
 * and drops the rest of longer ones up to their newline, which is kept: what was cut off never
 * becomes a line of its own.
 *
 * No UTF-8 character is cut in two: one that begins within the limit and ends past it is dropped.
 */
export class LineLimit {
  /** The lines that were cut, in order; the owner removes them. */
  readonly cuts: CutLine[] = [];
  readonly #maxBytes: number;
  /** Bytes of the unfinished line, passed and dropped. */
  #length = 0;
  #dropped = 0;
  #endsInCr = false;
  /** Its last bytes, once the limit is so near that they may begin a character which is cut. */
  #end = NONE;
  /** Asked for by {@linkcode LineLimit.takeRetracted}. */
  #retracted = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * Returns the chunk without the bytes cut off: usually the chunk itself, otherwise a new array.
   * Ask {@linkcode LineLimit.takeRetracted} after it.
   *
   * @param line The number of newlines before the chunk.
   */
  apply(chunk: Uint8Array, line: number): Uint8Array {
    // Most chunks are one short line, and four scans of a chunk take as long as decoding it.
    if (chunk[chunk.length - 1] === LF && this.#length + chunk.length <= this.#maxBytes) {
      this.#length = 0;
      this.#endsInCr = false;
      this.#end = NONE;
      return chunk;
    }
    const newline = chunk.indexOf(LF);
    const head = newline === -1 ? chunk.length : newline;
    const isShort = this.#length + head <= this.#nearBytes &&
      chunk.length - head <= this.#nearBytes;
    if (!isShort) return this.#cut(chunk, line);
    // No line can be too long, so only the start of the unfinished one matters.
    this.#end = NONE;
    if (newline === -1) this.#length += chunk.length;
    else this.#length = chunk.length - 1 - chunk.lastIndexOf(LF);
    if (chunk.length > 0) this.#endsInCr = chunk[chunk.length - 1] === CR;
    return chunk;
  }

  /**
   * How many of the bytes that were returned before the last chunk begin a character that is cut:
   * they belong to no line.
   */
  takeRetracted(): number {
    const retracted = this.#retracted;
    this.#retracted = 0;
    return retracted;
  }

  /**
   * Checks a last line without a newline, at the end of the input.
   *
   * @param line The number of newlines before the end.
   */
  finish(line: number): void {
    if (this.#length > 0) this.#finishLine(line);
  }

  /** Whether bytes of the unfinished line were dropped. */
  get isCutting(): boolean {
    return this.#dropped > 0;
  }

  /** Forgets the unfinished line, because it is erased. */
  forget(): void {
    this.#length = 0;
    this.#dropped = 0;
    this.#endsInCr = false;
    this.#end = NONE;
  }

  /** Makes the unfinished line shorter, because its end is erased. */
  retract(bytes: number): void {
    this.#length = Math.max(0, this.#length - bytes);
    this.#endsInCr = false;
    this.#end = this.#end.slice(0, Math.max(0, this.#end.length - bytes));
  }

  /** The limit can cut no character that a line of at most this many bytes ends in. */
  get #nearBytes(): number {
    return this.#maxBytes - MOST_OF_CHARACTER;
  }

  #cut(chunk: Uint8Array, line: number): Uint8Array {
    const kept: Uint8Array[] = [];
    let keptUpTo = 0;
    let start = 0;
    while (start < chunk.length) {
      const newline = chunk.indexOf(LF, start);
      const end = newline === -1 ? chunk.length : newline;
      const dropFrom = this.#measure(chunk, start, end);
      if (dropFrom < end) {
        kept.push(chunk.subarray(keptUpTo, dropFrom));
        keptUpTo = end;
      }
      if (newline !== -1) this.#finishLine(line++);
      start = end + 1;
    }
    if (kept.length === 0) return chunk;
    kept.push(chunk.subarray(keptUpTo));
    return concat(kept);
  }

  /** Adds the bytes from `start` to `end` to the line, and returns where it exceeds the limit. */
  #measure(chunk: Uint8Array, start: number, end: number): number {
    const before = this.#length;
    this.#length += end - start;
    if (end > start) this.#endsInCr = chunk[end - 1] === CR;
    if (this.#length <= this.#maxBytes) {
      if (this.#length > this.#nearBytes) this.#end = this.#endWith(chunk, start, end);
      return end;
    }
    if (this.#dropped > 0) {
      this.#dropped += end - start;
      return start;
    }
    const limit = start + this.#maxBytes - before;
    const isWithin = (chunk[limit] & 0xc0) === 0x80;
    const begun = isWithin
      ? unfinishedBytes(Uint8Array.from(this.#endWith(chunk, start, limit)))
      : 0;
    const cut = Math.max(start, limit - begun);
    const retracted = begun - (limit - cut);
    this.#retracted += retracted;
    this.#dropped = end - cut + retracted;
    this.#end = NONE;
    return cut;
  }

  /** The last bytes of the line with those from `start` to `end`. */
  #endWith(chunk: Uint8Array, start: number, end: number): readonly number[] {
    const last = chunk.subarray(Math.max(start, end - MOST_OF_CHARACTER), end);
    return [...this.#end, ...last].slice(-MOST_OF_CHARACTER);
  }

  #finishLine(line: number): void {
    // A carriage return before the newline belongs to the line's end and is no loss.
    const dropped = this.#dropped - (this.#endsInCr ? 1 : 0);
    if (dropped > 0) this.cuts.push({ line, bytes: dropped });
    this.forget();
  }
}
