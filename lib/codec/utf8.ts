/**
 * UTF-8 to text, from bytes in any pieces that may be invalid.
 *
 * @module
 */

import { Buffer } from "node:buffer";

// Each call decodes whole characters, so one stateless decoder serves all connections; a decoder
// per connection would hold native memory for each. Byte order marks stay in the text, because most
// calls are not at the start of a stream.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

const REPLACEMENT = "\ufffd";
const EMPTY = new Uint8Array();

/** A line with invalid UTF-8. */
export interface RepairedLine {
  /** The number of newlines before it. */
  readonly line: number;
  /** The number of U+FFFD in it that were not sent as such. */
  readonly count: number;
}

/** Decodes the bytes of one stream. Invalid sequences become U+FFFD. */
export interface StreamDecoder {
  /** The repaired lines, in order; the owner removes them. A line may be listed twice. */
  readonly repairs: RepairedLine[];
  /**
   * The text that this chunk completes.
   *
   * @param line The number of newlines before the chunk.
   */
  decode(chunk: Uint8Array, line: number): string;
  /** The rest at the end of the stream. */
  finish(line: number): string;
}

/** A decoder of lines, of which the unfinished one can be erased. */
export interface LineBytesDecoder extends StreamDecoder {
  /** Erases the last character if it has not been returned yet; returns its length in bytes. */
  eraseCharacter(): number;
  /** Forgets what has not been returned yet. */
  forget(): void;
}

/** Decodes UTF-8 (RFC 3629). Invalid sequences become U+FFFD, as in the Encoding Standard. */
export class Utf8Decoder implements LineBytesDecoder {
  readonly repairs: RepairedLine[] = [];
  /** The start of an incomplete character, at most three bytes. */
  #tail: Uint8Array = EMPTY;

  /**
   * The text of all characters that this chunk completes.
   *
   * @param line The number of newlines before the chunk.
   */
  decode(chunk: Uint8Array, line: number): string {
    let bytes = chunk;
    if (this.#tail.length > 0) {
      bytes = new Uint8Array(this.#tail.length + chunk.length);
      bytes.set(this.#tail);
      bytes.set(chunk, this.#tail.length);
    }
    const end = bytes.length - unfinishedBytes(bytes);
    this.#tail = end === bytes.length ? EMPTY : bytes.slice(end);
    return this.#convert(end === bytes.length ? bytes : bytes.subarray(0, end), line);
  }

  /** The rest at the end of the stream: U+FFFD for an incomplete character, otherwise nothing. */
  finish(line: number): string {
    const tail = this.#tail;
    this.#tail = EMPTY;
    return this.#convert(tail, line);
  }

  eraseCharacter(): number {
    const { length } = this.#tail;
    this.forget();
    return length;
  }

  forget(): void {
    this.#tail = EMPTY;
  }

  #convert(bytes: Uint8Array, line: number): string {
    // Takes half as long as a TextDecoder.
    const text: string = Buffer.prototype.utf8Slice.call(bytes, 0, bytes.length);
    if (text.includes(REPLACEMENT)) this.#noteRepairs(text, bytes, line);
    return text;
  }

  #noteRepairs(text: string, bytes: Uint8Array, firstLine: number): void {
    let start = 0;
    text.split("\n").forEach((part, index) => {
      const newline = bytes.indexOf(0x0a, start);
      const end = newline === -1 ? bytes.length : newline;
      const count = countReplacements(part) - countSentReplacements(bytes.subarray(start, end));
      if (count > 0) this.repairs.push({ line: firstLine + index, count });
      start = end + 1;
    });
  }
}

/** Decodes a whole text, and counts the U+FFFD in it that were not sent as such. */
export function decodeWhole(bytes: Uint8Array): { text: string; repairs: number } {
  const text = decoder.decode(bytes);
  if (!text.includes(REPLACEMENT)) return { text, repairs: 0 };
  const whole = new Utf8Decoder();
  whole.decode(bytes, 0);
  whole.finish(0);
  return { text, repairs: whole.repairs.reduce((sum, { count }) => sum + count, 0) };
}

/** The number of bytes at the end that begin an incomplete character. */
export function unfinishedBytes(bytes: Uint8Array): number {
  const last = bytes[bytes.length - 1];
  if (last === undefined || last < 0x80) return 0;
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back];
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? back : 0;
  }
  return 0;
}

export function countReplacements(text: string): number {
  return text.split(REPLACEMENT).length - 1;
}

/** The number of U+FFFD (EF BF BD) that the peer sent. */
function countSentReplacements(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(0xef); at !== -1; at = bytes.indexOf(0xef, at + 1)) {
    if (bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd) count++;
  }
  return count;
}
