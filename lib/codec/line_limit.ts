/**
 * A cap on the bytes of a line, before anything gathers lines: without it a peer that never sends
 * a newline would be held in memory without end.
 *
 * @module
 */

import { concat } from "@std/bytes/concat";

const LF = 0x0a;
const CR = 0x0d;

/** A line that was too long. */
export interface CutLine {
  /** Which one: the number of newlines before it. */
  readonly line: number;
  /** How many of its bytes were left out. */
  readonly bytes: number;
}

/**
 * Passes lines of up to `maxBytes` bytes (the newline, and a carriage return before it, not
 * counted) and drops the rest of longer ones up to their newline, which is kept: what was cut off
 * never turns into a line of its own.
 *
 * A line is cut before the first byte past the limit that begins a UTF-8 character, so that no
 * character is cut in two.
 */
export class LineLimit {
  /** How many newlines have passed. */
  lines = 0;
  /** Whether what passed last was no newline. */
  isMidLine = false;
  /** The lines cut, in order; for the owner to take from. */
  readonly cuts: CutLine[] = [];
  readonly #maxBytes: number;
  /** Bytes of the unfinished line, passed and dropped. */
  #length = 0;
  #dropped = 0;
  #endsInCr = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** What is left of a chunk: itself in the usual case, else a new array. */
  apply(chunk: Uint8Array): Uint8Array {
    let kept: Uint8Array[] | undefined;
    let keptUpTo = 0;
    let start = 0;
    while (start < chunk.length) {
      const newline = chunk.indexOf(LF, start);
      const end = newline === -1 ? chunk.length : newline;
      const dropFrom = this.#measure(chunk, start, end);
      if (dropFrom < end) {
        kept ??= [];
        kept.push(chunk.subarray(keptUpTo, dropFrom));
        keptUpTo = end;
      }
      if (newline !== -1) this.#finishLine();
      start = end + 1;
    }
    if (chunk.length > 0) this.isMidLine = chunk[chunk.length - 1] !== LF;
    if (!kept) return chunk;
    kept.push(chunk.subarray(keptUpTo));
    return concat(kept);
  }

  /** Says that no more is coming, so that a last line without a newline is judged as well. */
  finish(): void {
    if (this.isMidLine) this.#finishLine();
    this.isMidLine = false;
  }

  /** Counts the bytes from `start` to `end` to the line, and returns where it goes over. */
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

  #finishLine(): void {
    // A carriage return before the newline belongs to the line's end and is no loss.
    const dropped = this.#dropped - (this.#endsInCr ? 1 : 0);
    if (dropped > 0) this.cuts.push({ line: this.lines, bytes: dropped });
    this.lines++;
    this.#length = 0;
    this.#dropped = 0;
    this.#endsInCr = false;
  }
}
