/**
 * UTF-8 to characters, byte by byte, for input with other things between the characters, such as
 * the keys of a terminal.
 *
 * @module
 */

import { escapedByte } from "./raw_text.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Collects UTF-8 (RFC 3629); invalid bytes become escaped bytes of `raw_text.ts`. */
export class Utf8Collector {
  readonly #bytes: number[] = [];
  /** The length of the character in bytes, according to its first byte. */
  #length = 0;

  /** The text that this byte completes: nothing, or up to two characters. */
  push(byte: number): string {
    if (this.#bytes.length > 0) {
      if (this.#continues(byte)) {
        this.#bytes.push(byte);
        return this.#bytes.length < this.#length ? "" : this.#take();
      }
      return this.finish() + this.push(byte);
    }
    this.#length = byte < 0xc2 ? 0 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : byte < 0xf5 ? 4 : 0;
    if (this.#length === 0) return byte < 0x80 ? String.fromCharCode(byte) : escapedByte(byte);
    this.#bytes.push(byte);
    return "";
  }

  /** The bytes of an incomplete character, escaped. */
  finish(): string {
    return this.#bytes.splice(0).map(escapedByte).join("");
  }

  #take(): string {
    return decoder.decode(Uint8Array.from(this.#bytes.splice(0)));
  }

  /** RFC 3629 section 4: the range of the second byte is narrower after some first bytes. */
  #continues(byte: number): boolean {
    if (this.#bytes.length > 1) return (byte & 0xc0) === 0x80;
    const [first] = this.#bytes;
    const lowest = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
    const highest = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
    return byte >= lowest && byte <= highest;
  }
}
