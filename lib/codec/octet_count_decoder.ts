/**
 * Syslog over streams with octet counting (RFC 6587 section 3.4.1): frames of a count of bytes, a
 * space, and that many bytes, with nothing in between.
 *
 * Pure: bytes in, frames out, the same however the input is split.
 *
 * @module
 */

import { FrameBuffer } from "./frame_buffer.ts";
import { CountedStartMatcher, CountReader, isDigit, LONGEST_COUNTED_START } from "./octet_count.ts";

/** Takes a frame: its bytes, which are valid until this returns, and its loss. */
export type TakeFrame = (bytes: Uint8Array, loss: FrameLoss | undefined) => void;

/** The bytes that a frame lacks. */
export interface FrameLoss {
  /** Bytes dropped because it was too long. */
  readonly cutBytes: number;
  /** Bytes that were announced and never arrived. */
  readonly missingBytes: number;
}

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const ZERO = 0x30;

// What the next byte belongs to.
const START = 0;
const COUNT = 1;
const BODY = 2;
const STRAY = 3;

/**
 * Splits a stream into frames.
 *
 * Some senders count wrongly, or not at all. Bytes without a count become a frame of their own, up
 * to the next newline or to what looks like the start of a message, so nothing is lost and the
 * following messages are found. Newlines between frames belong to none.
 */
export class OctetCountDecoder {
  readonly #maxBytes: number;
  readonly #frame: FrameBuffer;
  #state = START;
  readonly #reader = new CountReader();
  /** Bytes of the current frame that are still to come. */
  #remaining = 0;
  /** In uncounted bytes: the possible start of a message. */
  #matcher: CountedStartMatcher | undefined;
  readonly #candidate = new Uint8Array(LONGEST_COUNTED_START);
  /** In uncounted bytes: whether the last byte was a digit. */
  #isInNumber = false;

  /** @param maxBytes Longest frame; the rest of a longer one is dropped. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#frame = new FrameBuffer(maxBytes);
  }

  /** Takes the next bytes. */
  push(chunk: Uint8Array, take: TakeFrame): void {
    let at = 0;
    while (at < chunk.length) {
      switch (this.#state) {
        case START:
          if (chunk[at] === LF || chunk[at] === CR) at++;
          else this.#begin();
          break;
        case COUNT:
          this.#readCount(chunk[at++], take);
          break;
        case BODY:
          at = this.#readBody(chunk, at, take);
          break;
        case STRAY:
          this.#readStray(chunk[at++], take);
          break;
      }
    }
  }

  /** Ends the input. */
  finish(take: TakeFrame): void {
    if (this.#state === COUNT) {
      this.#keepCount();
      this.#emit(take, 0);
    } else if (this.#state === BODY) {
      this.#emit(take, this.#remaining);
    } else if (this.#state === STRAY) {
      this.#frame.append(this.#candidate.subarray(0, this.#matcher?.length ?? 0));
      this.#matcher = undefined;
      this.#emit(take, 0);
    }
    this.#state = START;
  }

  #begin(): void {
    this.#state = COUNT;
    this.#reader.clear();
  }

  #readCount(byte: number, take: TakeFrame): void {
    const { digits, count } = this.#reader;
    if (this.#reader.push(byte)) return;
    if (byte === SPACE && digits > 0) {
      this.#state = BODY;
      this.#remaining = count;
    } else {
      this.#keepCount();
      this.#state = STRAY;
      this.#isInNumber = digits > 0;
      this.#readStray(byte, take);
    }
  }

  /** The digits were not a count, so they are text. */
  #keepCount(): void {
    const { digits, count } = this.#reader;
    if (digits === 0) return;
    for (const digit of String(count)) this.#frame.push(digit.charCodeAt(0));
  }

  /**
   * Returns the index up to which the chunk was read. A frame that is whole in the chunk is not
   * copied.
   */
  #readBody(chunk: Uint8Array, start: number, take: TakeFrame): number {
    const end = Math.min(chunk.length, start + this.#remaining);
    const isWhole = this.#frame.isEmpty && end - start === this.#remaining;
    if (isWhole && this.#remaining <= this.#maxBytes) {
      this.#state = START;
      take(chunk.subarray(start, end), undefined);
      return end;
    }
    this.#frame.append(chunk.subarray(start, end));
    this.#remaining -= end - start;
    if (this.#remaining === 0) this.#emit(take, 0);
    return end;
  }

  #readStray(byte: number, take: TakeFrame): void {
    if (this.#matcher) {
      this.#candidate[this.#matcher.length] = byte;
      const step = this.#matcher.push(byte);
      if (step === "match") return this.#resume(this.#matcher, take);
      if (step === "more") return;
      return this.#reread(this.#candidate.slice(0, this.#matcher.length), take);
    }
    if (byte === LF) return this.#emit(take, 0);
    // A number is read from its start, or `0092 <13>` would contain a message of 92 bytes.
    if (isDigit(byte) && !this.#isInNumber && byte !== ZERO) {
      this.#matcher = new CountedStartMatcher();
      this.#candidate[0] = byte;
      this.#matcher.push(byte);
    } else {
      this.#frame.push(byte);
    }
    this.#isInNumber = isDigit(byte);
  }

  /** The bytes are not the start of a message, but there may be one after the first of them. */
  #reread(bytes: Uint8Array, take: TakeFrame): void {
    this.#matcher = undefined;
    this.#frame.push(bytes[0]);
    this.#isInNumber = true;
    for (const byte of bytes.subarray(1)) this.#readStray(byte, take);
  }

  /** Ends the uncounted bytes at the start of a message, whose priority has been read. */
  #resume({ count, length }: CountedStartMatcher, take: TakeFrame): void {
    const headerEnd = this.#candidate.indexOf(SPACE) + 1;
    this.#matcher = undefined;
    if (!this.#frame.isEmpty) this.#emit(take, 0);
    this.#state = BODY;
    this.#remaining = count;
    // Pushed like any other bytes, because the count may end within the priority.
    this.push(this.#candidate.slice(headerEnd, length), take);
  }

  #emit(take: TakeFrame, missingBytes: number): void {
    const { bytes, cutBytes } = this.#frame.take();
    this.#state = START;
    this.#isInNumber = false;
    take(bytes, cutBytes + missingBytes > 0 ? { cutBytes, missingBytes } : undefined);
  }
}
