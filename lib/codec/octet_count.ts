/**
 * The count in front of a syslog message, by which octet counting tells its end (RFC 6587 section
 * 3.4.1): `92 <13>1 ...`, a number of bytes, a space, and the message.
 *
 * @module
 */

const SPACE = 0x20;
const ZERO = 0x30;
const NINE = 0x39;
const LESS_THAN = 0x3c;
const GREATER_THAN = 0x3e;

/** The most digits of a count, which does not begin with 0. */
const MAX_DIGITS = 7;
/** The longest count with the priority after it: `9999999 <191>`. */
export const LONGEST_COUNTED_START = MAX_DIGITS + 6;

// A count that is too long, or begins with 0, is invalid but still shows octet counting. Splitting
// such a stream at newlines could make one endless line of it.
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
 * Removes the count in front of a syslog message in a datagram, where it is not needed, but some
 * senders write it. If the count is wrong, the datagram is returned unchanged.
 */
export function withoutCount(datagram: Uint8Array): Uint8Array {
  const matcher = new CountedStartMatcher();
  for (const byte of datagram.subarray(0, LONGEST_COUNTED_START)) {
    const step = matcher.push(byte);
    if (step === "mismatch") break;
    if (step === "more") continue;
    const message = datagram.subarray(datagram.indexOf(SPACE) + 1);
    return message.length === matcher.count ? message : datagram;
  }
  return datagram;
}

export function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

/** Reads a count, digit by digit. */
export class CountReader {
  /** The count so far. */
  count = 0;
  /** The number of its digits. */
  digits = 0;

  /** Takes a digit of the count; returns `false` for any other byte, and for a digit too many. */
  push(byte: number): boolean {
    const isValid = isDigit(byte) && this.digits < MAX_DIGITS && (this.digits > 0 || byte !== ZERO);
    if (!isValid) return false;
    this.digits++;
    this.count = this.count * 10 + byte - ZERO;
    return true;
  }

  clear(): void {
    this.count = 0;
    this.digits = 0;
  }
}

/** Matches a count, a space and a priority, byte by byte. */
export class CountedStartMatcher {
  /** The number of bytes that have matched. */
  length = 0;
  readonly #reader = new CountReader();
  #priorityDigits = 0;
  #state: "count" | "open" | "priority" = "count";

  /** The count so far. */
  get count(): number {
    return this.#reader.count;
  }

  push(byte: number): "more" | "match" | "mismatch" {
    this.length++;
    switch (this.#state) {
      case "count":
        if (this.#reader.push(byte)) return "more";
        if (byte !== SPACE || this.#reader.digits === 0) return "mismatch";
        this.#state = "open";
        return "more";
      case "open":
        if (byte !== LESS_THAN) return "mismatch";
        this.#state = "priority";
        return "more";
      case "priority":
        if (isDigit(byte) && ++this.#priorityDigits <= 3) return "more";
        return byte === GREATER_THAN && this.#priorityDigits > 0 ? "match" : "mismatch";
    }
  }
}
