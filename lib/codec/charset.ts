/**
 * Text from senders that write an encoding other than UTF-8, or both. Valid UTF-8 is read as UTF-8,
 * because text in another encoding is hardly ever valid UTF-8 by accident.
 *
 * @module
 */

import { countReplacements, decodeWhole } from "./utf8.ts";

/**
 * Encodings whose characters may contain ASCII bytes, so that the ends of lines cannot be found.
 */
const NOT_ASCII = /^(?:utf-16[bl]e|iso-2022-jp)$/;

/** An encoding of the Encoding Standard; it holds no state and serves many senders. */
export class Charset {
  readonly #label: string;
  readonly #decoder: TextDecoder;

  /** @param label A name of the encoding, such as `gbk` or `latin1`, for which {@linkcode isCharset} holds. */
  constructor(label: string) {
    this.#label = label;
    this.#decoder = new TextDecoder(label, { ignoreBOM: true });
  }

  /** Decodes a whole text, and counts the U+FFFD that replaced invalid bytes. */
  decode(bytes: Uint8Array): { text: string; repairs: number } {
    const utf8 = decodeWhole(bytes);
    if (utf8.repairs === 0) return utf8;
    const text = this.#decoder.decode(bytes);
    return { text, repairs: countReplacements(text) };
  }

  /** A decoder for one stream that is not UTF-8. */
  createDecoder(): TextDecoder {
    return new TextDecoder(this.#label, { ignoreBOM: true });
  }
}

/** Whether there is an encoding of that name in which the ends of lines can be found. */
export function isCharset(label: string): boolean {
  try {
    return !NOT_ASCII.test(new TextDecoder(label).encoding);
  } catch {
    return false;
  }
}
