/**
 * A request body in chunks (RFC 9112 section 7.1), parsed strictly and within limits. Bytes in,
 * one body out; no sockets.
 *
 * @module
 */

import { HttpSyntaxError, MAX_FIELD_LINES, parseField } from "./http_head.ts";

/** Longest chunk header or trailer line, and most bytes of extensions and trailers in a body. */
const MAX_LINE_BYTES = 1024;
const MAX_EXTRA_BYTES = 8 * 1024;
const CHUNK_HEADER = /^([\da-f]{1,12})([ \t]*;[\t\x20-\x7e\x80-\xff]*)?$/i;
const CR = 0x0d;
const LF = 0x0a;

type Expected = "chunk header" | "data" | "end of data" | "trailer" | "nothing";

/**
 * Decodes the body of one request, in pieces of any size. Extensions are ignored; trailers are
 * checked and dropped.
 */
export class ChunkedDecoder {
  readonly #maxBytes: number;
  #expected: Expected = "chunk header";
  /** The line being read, one character for each byte. */
  #line = "";
  #body = new Uint8Array();
  #length = 0;
  /** Bytes of the current chunk that are still to come. */
  #remaining = 0;
  #extraBytes = 0;
  #trailers = 0;

  /** @param maxBytes Largest body, without its framing. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Whether the body and its trailers are complete. */
  get isComplete(): boolean {
    return this.#expected === "nothing";
  }

  /** The body so far. */
  get body(): Uint8Array<ArrayBuffer> {
    return this.#body.subarray(0, this.#length);
  }

  /**
   * Takes the next bytes and returns how many belong to the body: all, unless it ends in them.
   *
   * @throws {HttpSyntaxError} if they break the framing or a limit; nothing can be read after it.
   */
  decode(bytes: Uint8Array): number {
    let at = 0;
    while (at < bytes.length && !this.isComplete) {
      at = this.#expected === "data" ? this.#readData(bytes, at) : this.#readLine(bytes, at);
    }
    return at;
  }

  #readData(bytes: Uint8Array, start: number): number {
    const data = bytes.subarray(start, start + this.#remaining);
    this.#reserve(this.#length + data.length);
    this.#body.set(data, this.#length);
    this.#length += data.length;
    this.#remaining -= data.length;
    if (this.#remaining === 0) this.#expected = "end of data";
    return start + data.length;
  }

  /** Doubles the buffer, so that a body in tiny chunks is not copied for each of them. */
  #reserve(length: number): void {
    if (length <= this.#body.length) return;
    const size = Math.min(Math.max(length, this.#body.length * 2), this.#maxBytes);
    const larger = new Uint8Array(size);
    larger.set(this.body);
    this.#body = larger;
  }

  /** Reads up to CRLF. A bare LF is refused: parsers disagree on it, which smuggles requests. */
  #readLine(bytes: Uint8Array, start: number): number {
    for (let at = start; at < bytes.length; at++) {
      const isAfterCr = this.#line.endsWith("\r");
      if (bytes[at] === LF && isAfterCr) {
        const line = this.#line.slice(0, -1);
        this.#line = "";
        this.#endLine(line);
        return at + 1;
      }
      if (bytes[at] === LF || isAfterCr) refuse(400, "Lines of a chunked body must end in CRLF.");
      if (this.#expected === "end of data" && bytes[at] !== CR) refuse(400, WRONG_LENGTH);
      this.#line += String.fromCharCode(bytes[at]);
      if (this.#line.length > MAX_LINE_BYTES) {
        refuse(400, "A chunk header or trailer line is too long.");
      }
    }
    return bytes.length;
  }

  #endLine(line: string): void {
    if (this.#expected === "end of data") this.#expected = "chunk header";
    else if (this.#expected === "chunk header") this.#startChunk(line);
    else if (line === "") this.#expected = "nothing";
    else this.#dropTrailer(line);
  }

  #startChunk(line: string): void {
    const [, digits, extension = ""] = CHUNK_HEADER.exec(line) ?? refuse(400, WRONG_HEADER);
    this.#countExtra(extension.length);
    this.#remaining = parseInt(digits, 16);
    if (this.#length + this.#remaining > this.#maxBytes) {
      refuse(413, `The body of a request may have up to ${this.#maxBytes} bytes.`);
    }
    this.#expected = this.#remaining === 0 ? "trailer" : "data";
  }

  #dropTrailer(line: string): void {
    this.#countExtra(line.length);
    parseField(line);
    if (++this.#trailers > MAX_FIELD_LINES) refuse(400, TOO_MUCH);
  }

  #countExtra(bytes: number): void {
    this.#extraBytes += bytes;
    if (this.#extraBytes > MAX_EXTRA_BYTES) refuse(400, TOO_MUCH);
  }
}

const WRONG_HEADER = "Malformed chunk header.";
const WRONG_LENGTH = "A chunk is longer than its header says.";
const TOO_MUCH = "The chunk extensions and trailers are too long.";

function refuse(status: number, message: string): never {
  throw new HttpSyntaxError(status, message);
}
