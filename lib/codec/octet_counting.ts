/**
 * Syslog over streams with octet counting (RFC 6587 section 3.4.1): `92 <13>1 ...`, a count of
 * bytes, a space, and that many bytes, with nothing in between.
 *
 * Pure: bytes in, frames out, the same however the input is split.
 *
 * @module
 */

import { unfinishedBytes } from "./utf8.ts";

/** Takes a frame: its bytes, valid until it returns, and what it lacks. */
export type TakeFrame = (bytes: Uint8Array, loss: FrameLoss | undefined) => void;

/** What a frame lacks. */
export interface FrameLoss {
  /** Bytes dropped because it was too long. */
  readonly cutBytes: number;
  /** Bytes that were announced and never arrived. */
  readonly missingBytes: number;
}

/** Most digits of a count, which does not begin with 0. */
const MAX_DIGITS = 7;
/** `9999999 <191>` is the longest start of a message. */
const LONGEST_BEGINNING = MAX_DIGITS + 6;

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const ZERO = 0x30;
const NINE = 0x39;
const LESS_THAN = 0x3c;
const GREATER_THAN = 0x3e;

// An invalid count, too long or with a leading zero, still shows octet counting: split at newlines,
// everything after it could be one endless line.
const FIRST_COUNT = /^\d{1,20} <\d{1,3}>/;
const MAYBE_FIRST_COUNT = /^\d{0,20}$|^\d{1,20} (?:<\d{0,3})?$/;
const LONGEST_FIRST_COUNT = 26;

/**
 * Whether a stream that begins with `bytes` uses octet counting; `undefined` if more bytes are
 * needed. RFC 6587 only looks for a digit, but any text may arrive here, so the message's priority
 * must follow the count.
 */
export function countsOctets(bytes: Uint8Array): boolean | undefined {
  const text = String.fromCharCode(...bytes.subarray(0, LONGEST_FIRST_COUNT));
  if (FIRST_COUNT.test(text)) return true;
  return MAYBE_FIRST_COUNT.test(text) ? undefined : false;
}

/**
 * Removes the count in front of a syslog message in a datagram. It is not needed there, but some
 * senders write it. If it is wrong, the datagram is returned as it is.
 */
export function withoutCount(datagram: Uint8Array): Uint8Array {
  const matcher = new BeginningMatcher();
  for (const byte of datagram.subarray(0, LONGEST_BEGINNING)) {
    const step = matcher.push(byte);
    if (step === "mismatch") break;
    if (step === "more") continue;
    const message = datagram.subarray(datagram.indexOf(SPACE) + 1);
    return message.length === matcher.count ? message : datagram;
  }
  return datagram;
}

/** Looks for a count, a space and a priority, byte by byte. */
class BeginningMatcher {
  /** The count so far. */
  count = 0;
  /** The number of bytes that have matched. */
  length = 0;
  #digits = 0;
  #state: "count" | "open" | "priority" = "count";

  push(byte: number): "more" | "match" | "mismatch" {
    this.length++;
    const isDigit = byte >= ZERO && byte <= NINE;
    switch (this.#state) {
      case "count":
        if (isDigit && this.#digits < MAX_DIGITS && (this.#digits > 0 || byte !== ZERO)) {
          this.#digits++;
          this.count = this.count * 10 + byte - ZERO;
          return "more";
        }
        if (byte !== SPACE || this.#digits === 0) return "mismatch";
        this.#state = "open";
        return "more";
      case "open":
        if (byte !== LESS_THAN) return "mismatch";
        this.#state = "priority";
        this.#digits = 0;
        return "more";
      case "priority":
        if (isDigit && this.#digits < 3) {
          this.#digits++;
          return "more";
        }
        return byte === GREATER_THAN && this.#digits > 0 ? "match" : "mismatch";
    }
  }
}

// What the next byte belongs to.
const START = 0;
const COUNT = 1;
const BODY = 2;
const STRAY = 3;

/**
 * Splits a stream into frames.
 *
 * If there is no count (some senders count wrongly, or not at all), the bytes up to the next
 * newline, or up to what looks like the start of a message, are a frame of their own, so nothing is
 * lost and the following messages are found. Newlines between frames belong to none.
 */
export class OctetCountDecoder {
  readonly #maxBytes: number;
  #state = START;
  /** The number of digits of the count, and its value. */
  #digits = 0;
  #count = 0;
  /** The bytes of the frame so far, at most `maxBytes`. */
  #gathered = new Uint8Array(256);
  #length = 0;
  #cutBytes = 0;
  /** For uncounted bytes: the possible start of a message, and whether a number is being read. */
  #matcher: BeginningMatcher | undefined;
  readonly #candidate = new Uint8Array(LONGEST_BEGINNING);
  #isInNumber = false;

  /** @param maxBytes Longest frame; the rest of a longer one is dropped. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
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
      this.#keepDigits();
      this.#emit(take, 0);
    } else if (this.#state === BODY) {
      this.#emit(take, this.#count);
    } else if (this.#state === STRAY) {
      this.#keepAll(this.#candidate.subarray(0, this.#matcher?.length ?? 0));
      this.#matcher = undefined;
      this.#emit(take, 0);
    }
    this.#state = START;
  }

  #begin(): void {
    this.#state = COUNT;
    this.#digits = 0;
    this.#count = 0;
  }

  #readCount(byte: number, take: TakeFrame): void {
    const isDigit = byte >= ZERO && byte <= NINE;
    if (isDigit && this.#digits < MAX_DIGITS && (this.#digits > 0 || byte !== ZERO)) {
      this.#digits++;
      this.#count = this.#count * 10 + byte - ZERO;
    } else if (byte === SPACE && this.#digits > 0) {
      this.#state = BODY;
    } else {
      this.#keepDigits();
      this.#state = STRAY;
      this.#isInNumber = this.#digits > 0;
      this.#readStray(byte, take);
    }
  }

  /** The digits were not a count, so they are text. */
  #keepDigits(): void {
    if (this.#digits === 0) return;
    for (const digit of String(this.#count)) this.#keep(digit.charCodeAt(0));
  }

  /** Returns the end of what was read. A frame that is whole in the chunk is not copied. */
  #readBody(chunk: Uint8Array, start: number, take: TakeFrame): number {
    const end = Math.min(chunk.length, start + this.#count);
    const isWhole = this.#length === 0 && this.#cutBytes === 0 && end - start === this.#count;
    if (isWhole && this.#count <= this.#maxBytes) {
      this.#state = START;
      take(chunk.subarray(start, end), undefined);
      return end;
    }
    this.#keepAll(chunk.subarray(start, end));
    this.#count -= end - start;
    if (this.#count === 0) this.#emit(take, 0);
    return end;
  }

  #readStray(byte: number, take: TakeFrame): void {
    const isDigit = byte >= ZERO && byte <= NINE;
    if (this.#matcher) {
      this.#candidate[this.#matcher.length] = byte;
      const step = this.#matcher.push(byte);
      if (step === "match") return this.#resume(take);
      if (step === "more") return;
      return this.#reread(this.#candidate.slice(0, this.#matcher.length), take);
    }
    if (byte === LF) return this.#emit(take, 0);
    // A number is read from its start, or `0092 <13>` would contain a message of 92 bytes.
    if (isDigit && !this.#isInNumber && byte !== ZERO) {
      this.#matcher = new BeginningMatcher();
      this.#candidate[0] = byte;
      this.#matcher.push(byte);
    } else {
      this.#keep(byte);
    }
    this.#isInNumber = isDigit;
  }

  /** The bytes are not the start of a message, but there may be one after the first of them. */
  #reread(bytes: Uint8Array, take: TakeFrame): void {
    this.#matcher = undefined;
    this.#keep(bytes[0]);
    this.#isInNumber = true;
    for (const byte of bytes.subarray(1)) this.#readStray(byte, take);
  }

  /** Ends the uncounted bytes at the start of a message, whose priority has been read. */
  #resume(take: TakeFrame): void {
    const { count, length } = this.#matcher!;
    const headerEnd = this.#candidate.indexOf(SPACE) + 1;
    this.#matcher = undefined;
    if (this.#length + this.#cutBytes > 0) this.#emit(take, 0);
    this.#state = BODY;
    this.#count = count;
    const begun = this.#candidate.slice(headerEnd, length);
    // The count may be smaller than the priority is long.
    this.push(begun, take);
  }

  #keep(byte: number): void {
    if (this.#length === this.#maxBytes) {
      this.#cutBytes++;
      return;
    }
    this.#makeRoom(1);
    this.#gathered[this.#length++] = byte;
  }

  #keepAll(bytes: Uint8Array): void {
    const kept = bytes.subarray(0, this.#maxBytes - this.#length);
    this.#makeRoom(kept.length);
    this.#gathered.set(kept, this.#length);
    this.#length += kept.length;
    this.#cutBytes += bytes.length - kept.length;
  }

  #makeRoom(bytes: number): void {
    if (this.#length + bytes <= this.#gathered.length) return;
    const larger = new Uint8Array(
      Math.min(this.#maxBytes, Math.max(this.#length + bytes, this.#gathered.length * 4)),
    );
    larger.set(this.#gathered.subarray(0, this.#length));
    this.#gathered = larger;
  }

  #emit(take: TakeFrame, missingBytes: number): void {
    let bytes = this.#gathered.subarray(0, this.#length);
    let cutBytes = this.#cutBytes;
    if (cutBytes > 0) {
      // No character is cut in two.
      const part = unfinishedBytes(bytes);
      bytes = bytes.subarray(0, bytes.length - part);
      cutBytes += part;
    }
    this.#length = 0;
    this.#cutBytes = 0;
    this.#state = START;
    this.#isInNumber = false;
    take(bytes, cutBytes + missingBytes > 0 ? { cutBytes, missingBytes } : undefined);
  }
}
