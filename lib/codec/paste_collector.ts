/**
 * Collects a bracketed paste, up to a limit.
 *
 * @module
 */

import { Utf8Collector } from "./utf8_collector.ts";

/** The end of a paste. Terminals remove it from the pasted text, so no paste can end itself. */
const END = new TextEncoder().encode("\x1b[201~");
const CR = 0x0d;
const LF = 0x0a;

/** Collects one paste, byte by byte. */
export class PasteCollector {
  /** The number of bytes past the limit. */
  droppedBytes = 0;
  readonly #maxBytes: number;
  readonly #characters = new Utf8Collector();
  readonly #parts: string[] = [];
  #part = "";
  #bytes = 0;
  /** How much of {@linkcode END} has arrived. */
  #matched = 0;
  #wasCr = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The pasted text. CR LF and CR, which terminals send for Enter, have become LF. */
  get text(): string {
    return this.#parts.join("") + this.#part + this.#characters.finish();
  }

  /** Takes a byte; returns whether it was the last one. */
  push(byte: number): boolean {
    if (byte === END[this.#matched]) return ++this.#matched === END.length;
    // The first byte of the end is not in it again, so the bytes matched so far were only text.
    for (const earlier of END.subarray(0, this.#matched)) this.#add(earlier);
    this.#matched = byte === END[0] ? 1 : 0;
    if (this.#matched === 0) this.#add(byte);
    return false;
  }

  #add(byte: number): void {
    const isRestOfLineEnd = this.#wasCr && byte === LF;
    this.#wasCr = byte === CR;
    if (isRestOfLineEnd) return;
    if (this.#bytes === this.#maxBytes) {
      this.droppedBytes++;
      return;
    }
    this.#bytes++;
    this.#part += this.#characters.push(byte === CR ? LF : byte);
    // Strings grown by single characters are ropes; a long one takes much memory.
    if (this.#part.length < 256) return;
    this.#parts.push(this.#part);
    this.#part = "";
  }
}
