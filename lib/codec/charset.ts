/**
 * Text from senders that write another encoding than UTF-8, or both: a text that is valid UTF-8 is
 * taken for UTF-8, because in any other encoding that is hardly ever an accident.
 *
 * @module
 */

import { countReplacements, decodeWhole } from "./utf8.ts";

/** Their characters are made of bytes that are ASCII, too, so lines could not be told apart. */
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

  /** Decodes a whole text, and counts what is invalid in it and became U+FFFD. */
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

/** Whether there is an encoding of that name whose lines can be told apart. */
export function isCharset(label: string): boolean {
  try {
    return !NOT_ASCII.test(new TextDecoder(label).encoding);
  } catch {
    return false;
  }
}
