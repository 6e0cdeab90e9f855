/**
 * Collects the bytes of one frame after another, up to a limit, and counts those beyond it.
 *
 * @module
 */

import { unfinishedBytes } from "./utf8.ts";

const FIRST_BYTES = 256;

export class FrameBuffer {
  readonly #maxBytes: number;
  #bytes = new Uint8Array(FIRST_BYTES);
  #length = 0;
  #cutBytes = 0;

  /** @param maxBytes Longest frame; the rest of a longer one is dropped. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Whether the frame has no bytes yet, not even dropped ones. */
  get isEmpty(): boolean {
    return this.#length + this.#cutBytes === 0;
  }

  push(byte: number): void {
    if (this.#length === this.#maxBytes) {
      this.#cutBytes++;
      return;
    }
    this.#makeRoom(1);
    this.#bytes[this.#length++] = byte;
  }

  append(bytes: Uint8Array): void {
    const kept = bytes.subarray(0, this.#maxBytes - this.#length);
    this.#makeRoom(kept.length);
    this.#bytes.set(kept, this.#length);
    this.#length += kept.length;
    this.#cutBytes += bytes.length - kept.length;
  }

  /**
   * Ends the frame and begins the next one. A frame that was too long is cut before a character, not
   * within it. The bytes are valid until the next method call.
   */
  take(): { readonly bytes: Uint8Array; readonly cutBytes: number } {
    const bytes = this.#bytes.subarray(0, this.#length);
    const cutBytes = this.#cutBytes;
    this.#length = 0;
    this.#cutBytes = 0;
    if (cutBytes === 0) return { bytes, cutBytes };
    const part = unfinishedBytes(bytes);
    return { bytes: bytes.subarray(0, bytes.length - part), cutBytes: cutBytes + part };
  }

  /** Quadruples the buffer if necessary, so that a frame in tiny pieces is not copied for each. */
  #makeRoom(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const wanted = Math.max(this.#length + bytes, this.#bytes.length * 4);
    const larger = new Uint8Array(Math.min(this.#maxBytes, wanted));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
