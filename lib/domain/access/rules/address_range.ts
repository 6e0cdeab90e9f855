/**
 * Ranges of IP addresses, as people write them: `192.0.2.7`, `10.0.0.0/8`, `2001:db8::/32`. For
 * endpoints that are open to some addresses only, and for bans. Looks up no names.
 *
 * @module
 */

import ipaddr from "ipaddr.js";

/** The text is not a range of addresses. The message is one sentence that says how to write it. */
export class AddressRangeError extends SyntaxError {
  override readonly name = "AddressRangeError";
  readonly text: string;
  /** The part of the message after the colon, for a caller that names the text in another way. */
  readonly reason: string;

  constructor(text: string, reason: string) {
    super(`Cannot parse address range ${JSON.stringify(text)}: ${reason}`);
    this.text = text;
    this.reason = reason;
  }
}

/** The bits before the IPv4 address in an IPv4-mapped IPv6 address (RFC 4291 section 2.5.5.2). */
const MAPPED_BITS = 96;
const FORM = "write an address such as 192.0.2.7, or a range such as 10.0.0.0/8 or 2001:db8::/32";

/**
 * An address, or a network in CIDR notation.
 *
 * An IPv4-mapped IPv6 address counts as its IPv4 address, because that is how IPv4 peers appear at
 * a listener on `[::]`. So `::/0` is every IPv6 address, and `0.0.0.0/0` every IPv4 address.
 */
export class AddressRange {
  /** The usual form, without the bits after the prefix: `10.0.0.0/8`, `2001:db8::1`. */
  readonly text: string;
  readonly #network: ipaddr.IPv4 | ipaddr.IPv6;
  readonly #prefix: number;
  /** Of the network. */
  readonly #bytes: readonly number[];

  /**
   * Parses an address or CIDR. Bits after the prefix are ignored: `10.1.2.3/8` is `10.0.0.0/8`.
   *
   * @throws {AddressRangeError}
   */
  static parse(text: string): AddressRange {
    const refuse = (reason: string): never => {
      throw new AddressRangeError(text, reason);
    };
    const [address, prefixText, ...rest] = text.split("/");
    if (address.trim() === "") return refuse(`the address is missing; ${FORM}`);
    if (address.includes("%")) {
      // It would be dropped in silence: no peer's address has one.
      return refuse(`an interface such as "%eth0" cannot be told apart here; leave it out`);
    }
    const parsed = parseAddress(address) ?? refuse(`${show(address)} is not an address; ${FORM}`);
    const bits = parsed.kind() === "ipv4" ? 32 : 128;
    if (prefixText === undefined) return new AddressRange(parsed, bits);
    const isMapped = bits === 32 && address.includes(":");
    const [least, most] = isMapped ? [MAPPED_BITS, 128] : [0, bits];
    const prefix = /^(0|[1-9]\d{0,2})$/.test(prefixText) ? Number(prefixText) : -1;
    if (rest.length > 0 || prefix < least || prefix > most) {
      const written = show([prefixText, ...rest].join("/"));
      const family = isMapped ? "an IPv4-mapped" : bits === 32 ? "an IPv4" : "an IPv6";
      return refuse(
        `${written} is not the length of ${family} prefix; use a number from ${least} to ${most}`,
      );
    }
    return new AddressRange(parsed, isMapped ? prefix - MAPPED_BITS : prefix);
  }

  private constructor(address: ipaddr.IPv4 | ipaddr.IPv6, prefix: number) {
    const bytes = address.toByteArray();
    const isSingle = prefix === bytes.length * 8;
    for (let at = 0; at < bytes.length; at++) {
      const kept = Math.min(Math.max(prefix - at * 8, 0), 8);
      bytes[at] &= 0xff00 >> kept & 0xff;
    }
    this.#network = ipaddr.fromByteArray(bytes);
    this.#bytes = bytes;
    this.#prefix = prefix;
    const network = this.#network instanceof ipaddr.IPv6
      ? this.#network.toRFC5952String()
      : this.#network.toString();
    this.text = isSingle ? network : `${network}/${prefix}`;
  }

  /** Whether it holds every address of its family. */
  get isWhole(): boolean {
    return this.#prefix === 0;
  }

  /** Whether it holds an address. Text that is no IP address is in no range. */
  matches(address: string): boolean {
    const parsed = parseAddress(address);
    return parsed !== undefined && this.#holds(parsed);
  }

  /** Whether all of another range is in it. Quick, because bans ask it for each address. */
  contains(other: AddressRange): boolean {
    const bytes = this.#bytes;
    if (this.#prefix > other.#prefix || bytes.length !== other.#bytes.length) return false;
    const whole = this.#prefix >> 3;
    for (let at = 0; at < whole; at++) {
      if (bytes[at] !== other.#bytes[at]) return false;
    }
    const rest = this.#prefix & 7;
    return rest === 0 || bytes[whole] === (other.#bytes[whole] & 0xff00 >> rest & 0xff);
  }

  #holds(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
    return address.kind() === this.#network.kind() && address.match(this.#network, this.#prefix);
  }

  toString(): string {
    return this.text;
  }
}

/** The address or range that a text is; `undefined` for names. */
export function addressRange(text: string): AddressRange | undefined {
  // Most texts are names, and exceptions are slow.
  if (!/[.:/]/.test(text)) return undefined;
  try {
    return AddressRange.parse(text);
  } catch (error) {
    if (error instanceof AddressRangeError) return undefined;
    throw error;
  }
}

/** Several ranges. */
export class AddressList {
  readonly ranges: readonly AddressRange[];
  /** The last address asked for, because a sender of datagrams asks again and again. */
  #last = "";
  #includesLast = false;

  /**
   * Parses ranges separated by commas.
   *
   * @throws {AddressRangeError} about the first that is invalid.
   */
  static parse(text: string): AddressList {
    return new AddressList(text.split(",").map((range) => AddressRange.parse(range.trim())));
  }

  constructor(ranges: readonly AddressRange[]) {
    this.ranges = ranges;
  }

  /** Whether one of the ranges holds an address. */
  includes(address: string): boolean {
    if (address !== this.#last) {
      this.#includesLast = this.ranges.some((range) => range.matches(address));
      this.#last = address;
    }
    return this.#includesLast;
  }

  /** `10.0.0.0/8, 192.0.2.7`. */
  toString(): string {
    return this.ranges.join(", ");
  }
}

/** Strict decimal: elsewhere, `010.0.0.1` may mean 8.0.0.1, and `10.1` 10.0.0.1. */
const FOUR_PARTS = /^(?:(?:0|[1-9]\d{0,2})(?:\.(?!$)|$)){4}$/;

/** Longer text is no address. */
const MAX_LENGTH = 100;

/** Parses an address with or without a zone (`%eth0`), which is ignored. */
function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  if (!text.includes(":")) return parseIpv4(text);
  const address = text.replace(/%[^%]+$/, "");
  const end = address.slice(address.lastIndexOf(":") + 1);
  // The library would take ::1.2.3.4, which is an address of its own, for ::ffff:1.2.3.4.
  const groups = end.includes(".") ? toGroups(parseIpv4(end)) : end;
  if (groups === undefined) return undefined;
  const plain = address.slice(0, address.length - end.length) + groups;
  if (!ipaddr.IPv6.isValid(plain)) return undefined;
  const parsed = ipaddr.IPv6.parse(plain);
  return parsed.isIPv4MappedAddress() ? parsed.toIPv4Address() : parsed;
}

function parseIpv4(text: string): ipaddr.IPv4 | undefined {
  return FOUR_PARTS.test(text) && ipaddr.IPv4.isValid(text) ? ipaddr.IPv4.parse(text) : undefined;
}

/** An IPv4 address as the last two groups of an IPv6 address. */
function toGroups(address: ipaddr.IPv4 | undefined): string | undefined {
  if (!address) return undefined;
  const [a, b, c, d] = address.octets;
  return `${(a << 8 | b).toString(16)}:${(c << 8 | d).toString(16)}`;
}

/** The text in quotes, shortened. */
function show(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}
