/**
 * Text that keeps invalid UTF-8: each such byte is a lone surrogate (U+DC80 to U+DCFF, like
 * Python's "surrogateescape"), which valid UTF-8 cannot contain.
 *
 * The line editor works on such text: it passes typed bytes on unchanged, and the decoder after it
 * sees every invalid one.
 *
 * @module
 */

import { concat } from "@std/bytes/concat";

const ESCAPED = /[\udc80-\udcff]/;
/** With the flag `u` a pair is one character, so only lone surrogates match. */
const LONE = /[\udc80-\udcff]/gu;
const OFFSET = 0xdc00;
const encoder = new TextEncoder();

/** The character that stands for an invalid byte, 0x80 or above. */
export function escapedByte(byte: number): string {
  return String.fromCharCode(OFFSET + byte);
}

/** The bytes that `text` was made from. */
export function encodeRawText(text: string): Uint8Array {
  if (!ESCAPED.test(text)) return encoder.encode(text);
  const parts: Uint8Array[] = [];
  let start = 0;
  for (const { index } of text.matchAll(LONE)) {
    parts.push(encoder.encode(text.slice(start, index)));
    parts.push(Uint8Array.of(text.charCodeAt(index) - OFFSET));
    start = index + 1;
  }
  parts.push(encoder.encode(text.slice(start)));
  return concat(parts);
}

/** The number of those bytes, without creating them. */
export function rawTextBytes(text: string): number {
  let bytes = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit < 0xd800 || unit >= 0xe000) bytes += 3;
    else if (unit < 0xdc00) {
      bytes += 4;
      index++;
    } else bytes += 1;
  }
  return bytes;
}

/** `text` for display, with U+FFFD for invalid bytes. */
export function withoutRawBytes(text: string): string {
  return ESCAPED.test(text) ? text.replace(LONE, "\ufffd") : text;
}
