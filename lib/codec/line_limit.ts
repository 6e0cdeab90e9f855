/**
 * A cap on the bytes of a line, applied before anything collects lines: otherwise a peer that never
 * sends a newline would fill memory.
 *
 * @module
 */

import { concat } from "@std/bytes/concat";

const LF = 0x0a;
const CR = 0x0d;

/** A line that was too long. */
export interface CutLine {
  /** The number of newlines before it. */
  readonly line: number;
  /** How many of its bytes were dropped. */
  readonly bytes: number;
}

/**
 * Passes lines of up to `maxBytes` bytes (not counting the newline and a carriage return before it)
 * and drops the rest of longer ones up to their newline, which is kept: what was cut off never
 * becomes a line of its own.
 *
 * A line is cut before the first byte past the limit that begins a UTF-8 character, so no character
 * is cut in two.
 */
export class LineLimit {
  /** The lines that were cut, in order; the owner removes them. */
  readonly cuts: CutLine[] = [];
  readonly #maxBytes: number;
  /** Bytes of the unfinished line, passed and dropped. */
  #length = 0;
  #dropped = 0;
  #endsInCr = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * Returns the chunk without the bytes cut off: usually the chunk itself, otherwise a new array.
   *
   * @param line The number of newlines before the chunk.
   */
  apply(chunk: Uint8Array, line: number): Uint8Array {
    // Most chunks are one short line, and four scans of a chunk take as long as decoding it.
    if (chunk[chunk.length - 1] === LF && this.#length + chunk.length <= this.#maxBytes) {
      this.#length = 0;
      this.#endsInCr = false;
      return chunk;
    }
    const newline = chunk.indexOf(LF);
    const head = newline === -1 ? chunk.length : newline;
    const isShort = this.#length + head <= this.#maxBytes && chunk.length - head <= this.#maxBytes;
    if (!isShort) return this.#cut(chunk, line);
    // No line can be too long, so only the start of the unfinished one matters.
    if (newline === -1) this.#length += chunk.length;
    else this.#length = chunk.length - 1 - chunk.lastIndexOf(LF);
    if (chunk.length > 0) this.#endsInCr = chunk[chunk.length - 1] === CR;
    return chunk;
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
  }

  /** Makes the unfinished line shorter, because its end is erased. */
  retract(bytes: number): void {
    this.#length = Math.max(0, this.#length - bytes);
    this.#endsInCr = false;
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
    if (this.#length <= this.#maxBytes) return end;
    if (this.#dropped > 0) {
      this.#dropped += end - start;
      return start;
    }
    let cut = start + Math.max(0, this.#maxBytes - before);
    while (cut < end && (chunk[cut] & 0xc0) === 0x80 && this.#maxBytes + 3 > before + cut - start) {
      cut++;
    }
    this.#dropped = end - cut;
    return cut;
  }

  #finishLine(line: number): void {
    // A carriage return before the newline belongs to the line's end and is no loss.
    const dropped = this.#dropped - (this.#endsInCr ? 1 : 0);
    if (dropped > 0) this.cuts.push({ line, bytes: dropped });
    this.#length = 0;
    this.#dropped = 0;
    this.#endsInCr = false;
  }
}
