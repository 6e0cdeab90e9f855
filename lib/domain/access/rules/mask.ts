/**
 * Masks: `nick!user@host` with `*` and `?`, and `$a:account`. They say whom a ban concerns by what
 * is seen of a person; the host may also be a real address or a range, as in `*!*@10.0.0.0/8`.
 *
 * @module
 */

import type { Asker } from "../../asker.ts";
import { DomainError } from "../../domain_error.ts";
import { nameKey } from "../../name.ts";
import { compileGlob, isGlob } from "../../text/glob.ts";
import { type AddressRange, addressRange } from "./address_range.ts";

/**
 * Characters of a mask, in UTF-16 units: in UTF-8 that is less than a line of IRC. Matching takes at
 * most as many steps for each character of a name.
 */
export const LONGEST_MASK = 128;

/** Begins masks of accounts; IRC servers are divided about the first character. */
const ACCOUNT_MASK = /^[$~]a(?::(.*))?$/i;
/** Matches the start of masks that only other IRC servers have. A user name may begin with `~`. */
const OTHER_KIND = /^(?:\$|~~?[a-z]+:)/i;
// deno-lint-ignore no-control-regex -- these could end a line or a parameter
const NOT_IN_MASK = /[\x00-\x20\x7f,]/;

/** What masks are compared with: all in the form of `nameKey()`. */
export interface MaskSubject {
  readonly nick: string;
  readonly user: string;
  readonly host: string;
  readonly address?: AddressRange;
  readonly account?: string;
}

/** Whether a word is a mask, and not a name or an address. No name has these characters. */
export function isMask(word: string): boolean {
  return /[!@*?$~]/.test(word);
}

/**
 * The form in which a mask is shown and compared: all its parts, and nothing twice. `bar*` becomes
 * `bar*!*@*`, and `*@host` `*!*@host`.
 *
 * @throws {DomainError} `bad-name` if the word cannot be a mask.
 */
export function usualMask(word: string): string {
  const text = word.normalize("NFC").replace(/\*+/g, "*");
  if (text.length > LONGEST_MASK || NOT_IN_MASK.test(text) || /^[:]/.test(text)) {
    throw new DomainError(
      "bad-name",
      `A mask is one word of up to ${LONGEST_MASK} characters, such as *!*@192.0.2.* or bob*!*@*.`,
    );
  }
  const [isAccount, account] = ACCOUNT_MASK.exec(text) ?? [];
  if (isAccount !== undefined) return `$a:${account || "*"}`;
  if (OTHER_KIND.test(text)) {
    throw new DomainError(
      "bad-name",
      "There is no such kind of mask. Use nick!user@host, an address, or $a:ACCOUNT.",
    );
  }
  const { nick, user, host } = partsOf(text);
  return `${nick}!${user}@${host}`;
}

type Matches = (text: string) => boolean;

/** A mask, ready to be compared. */
export class Mask {
  /**
   * A part without wildcards, which somebody must have for the mask to concern them, with a letter
   * that says which part it is. See {@linkcode literalsOf}.
   */
  readonly literal: string | undefined;
  readonly #nick: Matches;
  readonly #user: Matches;
  readonly #host: Matches;
  readonly #range: AddressRange | undefined;
  readonly #account: Matches | undefined;

  /** @param text As from {@linkcode usualMask}. */
  constructor(text: string) {
    const folded = nameKey(text);
    const account = ACCOUNT_MASK.exec(folded)?.[1];
    const { nick, user, host } = partsOf(folded);
    this.#account = account === undefined ? undefined : compileGlob(account);
    this.#nick = compileGlob(nick);
    this.#user = compileGlob(user);
    this.#host = compileGlob(host);
    this.#range = isGlob(host) ? undefined : addressRange(host);
    this.literal = account !== undefined
      ? literal("a", account)
      : literal("n", nick) ?? (this.#range ? undefined : literal("h", host)) ?? literal("u", user);
  }

  matches({ nick, user, host, address, account }: MaskSubject): boolean {
    if (this.#account) return account !== undefined && this.#account(account);
    if (!this.#nick(nick) || !this.#user(user)) return false;
    if (this.#range) return address !== undefined && this.#range.contains(address);
    return this.#host(host) || (address !== undefined && this.#host(address.text));
  }
}

/** The literals that masks of somebody can have. */
export function literalsOf({ nick, user, host, address, account }: MaskSubject): string[] {
  const literals = ["n" + nick, "u" + user, "h" + host];
  if (address !== undefined && address.text !== host) literals.push("h" + address.text);
  if (account !== undefined) literals.push("a" + account);
  return literals;
}

/** What masks see of somebody. @param address Theirs, if they have one. */
export function maskSubject(asker: Asker, address: AddressRange | undefined): MaskSubject {
  const { nickname, account, userHost } = asker;
  const [user, host = ""] = nameKey(userHost ?? "").split("@");
  return { nick: nameKey(nickname), user, host, address, account };
}

function literal(part: string, text: string): string | undefined {
  return isGlob(text) ? undefined : part + text;
}

function partsOf(text: string): { nick: string; user: string; host: string } {
  const bang = text.indexOf("!");
  const at = text.lastIndexOf("@");
  const nick = bang >= 0 ? text.slice(0, bang) : at >= 0 ? "" : text;
  const user = text.slice(bang + 1, at >= 0 ? at : bang >= 0 ? undefined : 0);
  const host = at >= 0 ? text.slice(at + 1) : "";
  return { nick: nick || "*", user: user || "*", host: host || "*" };
}
