/**
 * The bytes of an HTTP connection, read in the units of the protocol: a head, a body, or, from a
 * WebSocket, whatever arrives.
 *
 * @module
 */

import { ChunkedDecoder } from "../../codec/chunked_decoder.ts";
import { checkRequestStart, findHeadEnd } from "../../codec/http_head.ts";
import { UNIT_BYTES } from "../../server/fairness/admitted_bytes.ts";
import type { WorkAccount } from "../../server/fairness/work_account.ts";

const CR = 0x0d;
const LF = 0x0a;
const NOTHING = new Uint8Array();

export class ByteSource {
  /** Whether a read is pending, so that it is the peer's turn. */
  isWaiting = false;
  /** Bytes read so far. */
  count = 0;
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #work: WorkAccount;
  readonly #onRead: (bytes: number) => void;
  /** Bytes read but not yet taken; a copy, because the connection reuses its buffer. */
  #rest: Uint8Array<ArrayBuffer> = NOTHING;
  /** What follows in the chunk that was read last; too much to be handled at once. */
  #unread: Uint8Array | undefined;
  /** The next chunk, if {@linkcode ByteSource.watch} has asked for it. */
  #ahead: Promise<IteratorResult<Uint8Array>> | undefined;

  /**
   * @param work Charged for parsing the bytes.
   * @param onRead Called after each read, with the number of bytes.
   */
  constructor(
    bytes: AsyncIterable<Uint8Array>,
    work: WorkAccount,
    onRead: (bytes: number) => void,
  ) {
    this.#chunks = bytes[Symbol.asyncIterator]();
    this.#work = work;
    this.#onRead = onRead;
  }

  /** The first byte read but not yet taken; `undefined` if there is none. */
  get next(): number | undefined {
    return this.#rest[0];
  }

  /**
   * Reads the head of a request including its empty line. Resolves to `undefined` if the peer ends
   * before that, and to `"too-large"` if the head does not end within `maxBytes`.
   *
   * @throws {HttpSyntaxError} as soon as the bytes cannot begin a request.
   */
  async readHead(maxBytes: number): Promise<Uint8Array | "too-large" | undefined> {
    let isLineComplete = false;
    for (let searched = 0;;) {
      if (!isLineComplete) {
        maxBytes -= this.#dropEmptyLines();
        isLineComplete = checkRequestStart(this.#rest);
      }
      const end = findHeadEnd(this.#rest, searched);
      if (end > maxBytes || (end === -1 && this.#rest.length > maxBytes)) return "too-large";
      if (end !== -1) return this.#take(end);
      searched = Math.max(0, this.#rest.length - 2);
      if (!await this.#readMore()) return undefined;
    }
  }

  /** Reads exactly `length` bytes; resolves to `undefined` if the peer ends before that. */
  async readExactly(length: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const bytes = new Uint8Array(length);
    const first = this.#take(Math.min(length, this.#rest.length));
    bytes.set(first);
    for (let at = first.length; at < length;) {
      const chunk = await this.#read();
      if (!chunk) return undefined;
      const part = chunk.subarray(0, length - at);
      bytes.set(part, at);
      at += part.length;
      this.#rest = chunk.slice(part.length);
    }
    return bytes;
  }

  /**
   * Reads a chunked body; resolves to `undefined` if the peer ends before it is complete.
   *
   * @throws {HttpSyntaxError} as {@linkcode ChunkedDecoder.decode}.
   */
  async readChunked(maxBytes: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const decoder = new ChunkedDecoder(maxBytes);
    this.#take(decoder.decode(this.#rest));
    while (!decoder.isComplete) {
      const chunk = await this.#read();
      if (!chunk) return undefined;
      this.#rest = chunk.slice(decoder.decode(chunk));
    }
    return decoder.body;
  }

  /** Yields everything that arrives; each chunk is valid until the next one is requested. */
  async *readAll(): AsyncGenerator<Uint8Array, void> {
    if (this.#rest.length > 0) yield this.#take(this.#rest.length);
    for (;;) {
      const chunk = await this.#read();
      if (!chunk) return;
      yield chunk;
    }
  }

  /**
   * Reads one chunk ahead while nobody asks for one, and calls `onEnd` if none comes: the peer has
   * ended its side, or the connection broke. Does nothing if a read is already pending.
   */
  watch(onEnd: () => void): void {
    // A chunk is valid until the next one is asked for.
    if (this.isWaiting || this.#unread || this.#ahead) return;
    this.#ahead = this.#chunks.next();
    this.#ahead.then(({ done }) => done && onEnd(), onEnd);
  }

  /** Reads and drops everything until the peer ends. */
  async discard(): Promise<void> {
    while (await this.#read());
  }

  /** Clients may send empty lines before a request (RFC 9112 section 2.2). */
  #dropEmptyLines(): number {
    const start = this.#rest.findIndex((byte) => byte !== CR && byte !== LF);
    return this.#take(start === -1 ? this.#rest.length : start).length;
  }

  #take(length: number): Uint8Array<ArrayBuffer> {
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.length === length ? NOTHING : this.#rest.subarray(length);
    return taken;
  }

  async #readMore(): Promise<boolean> {
    const chunk = await this.#read();
    if (!chunk) return false;
    const joined = new Uint8Array(this.#rest.length + chunk.length);
    joined.set(this.#rest);
    joined.set(chunk, this.#rest.length);
    this.#rest = joined;
    return true;
  }

  async #read(): Promise<Uint8Array | undefined> {
    const chunk = this.#unread ?? await this.#readChunk();
    if (!chunk) {
      // As in `AdmittedBytes`: input of others is handled before a disconnect.
      const turn = this.#work.turn();
      if (turn) await turn;
      return undefined;
    }
    this.#unread = chunk.length > UNIT_BYTES ? chunk.subarray(UNIT_BYTES) : undefined;
    const turn = this.#work.admit();
    if (turn) await turn;
    return chunk.subarray(0, UNIT_BYTES);
  }

  async #readChunk(): Promise<Uint8Array | undefined> {
    this.isWaiting = true;
    const next = this.#ahead ?? this.#chunks.next();
    this.#ahead = undefined;
    const { value, done } = await next;
    this.isWaiting = false;
    if (done) return undefined;
    this.count += value.length;
    this.#onRead(value.length);
    return value;
  }
}
