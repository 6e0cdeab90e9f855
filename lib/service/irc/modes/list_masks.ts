/**
 * Whom a ban concerns, as the rules of a room name them and as IRC's lists do: there, all are masks,
 * with nicknames in the form of IRC.
 *
 * @module
 */

import { addressRange } from "../../../domain/access/rules/address_range.ts";
import { isMask, usualMask } from "../../../domain/access/rules/mask.ts";
import { exceptedTarget } from "../../../domain/access/rules/restrictions.ts";
import { fromIrcNick, toIrcNick } from "../irc_names.ts";

/** Matches everybody at an address, which is then a target of its own. */
const ANYBODY_AT = "*!*@";

/** A target as a mask. */
export function toListMask(target: string): string {
  const range = addressRange(target);
  if (range) return ANYBODY_AT + range.text;
  if (!isMask(target)) return `${toIrcNick(target)}!*@*`;
  return withNick(target, toIrcNick);
}

/**
 * The target that a client means by a mask, which may be short: `bob`, `192.0.2.7`, `*@host`.
 *
 * @throws {DomainError} `bad-name` if it can be none.
 */
export function fromListMask(text: string): string {
  if (addressRange(text)) return addressRange(text)!.text;
  // A word with a dot is a host, as elsewhere on IRC.
  const isHost = !isMask(text) && text.includes(".");
  const mask = usualMask(isHost ? `*!*@${text}` : isMask(text) ? text : `${text}!*@*`);
  const range = mask.startsWith(ANYBODY_AT) && addressRange(mask.slice(ANYBODY_AT.length));
  return range ? range.text : withNick(mask, fromIrcNick);
}

/** What may be a part of an address: masked hosts end in letters. */
const PART_OF_ADDRESS = /^[\da-f.:*?]*\d[\da-f.:*?]*$/i;

/** Whether a target says who somebody is or where they are, which only moderators are told. */
export function isAddress(exception: string): boolean {
  const target = exceptedTarget(exception);
  if (addressRange(target)) return true;
  const [, host = ""] = /@([^@]*)$/.exec(target) ?? [];
  return addressRange(host) !== undefined || PART_OF_ADDRESS.test(host);
}

function withNick(mask: string, convert: (nick: string) => string): string {
  const end = mask.indexOf("!");
  return end === -1 ? mask : convert(mask.slice(0, end)) + mask.slice(end);
}
