/**
 * Rooms of two: what two accounts write to each other privately is kept in a room that only they
 * can read. Its name cannot be typed as a room's name.
 *
 * @module
 */

import type { Asker } from "./asker.ts";
import { nameKey, NICKNAME_RULES, parseName, parseRoomName } from "./name.ts";

/** Begins the names of these rooms, and of no others. */
export const DIRECT_SIGN = "@";
/** No name contains it. */
const BETWEEN = "+";

/** The name of the room of two accounts, whichever is given first. */
export function directRoom(one: string, other: string): string {
  return DIRECT_SIGN + [nameKey(one), nameKey(other)].sort().join(BETWEEN);
}

/** The accounts that a room of two belongs to. */
export function partiesOf(room: string): readonly string[] {
  return nameKey(room.slice(DIRECT_SIGN.length)).split(BETWEEN);
}

/** Whether somebody is one of the two. No power over the server makes anybody else one. */
export function isPartyTo({ account }: Asker, room: string): boolean {
  return account !== undefined && partiesOf(room).includes(account);
}

/** Whether a room is one of two. */
export function isDirectRoom(room: string): boolean {
  return room.startsWith(DIRECT_SIGN);
}

/** The key of the other account of a room of two; `undefined` if `account` is not one of them. */
export function partnerIn(room: string, account: string | undefined): string | undefined {
  if (account === undefined || !isDirectRoom(room)) return undefined;
  const [one, other] = partiesOf(room);
  return one === account ? other : other === account ? one : undefined;
}

/** A room as somebody is shown it: `#lobby` or, if they are one of two, `@bob`. */
export function roomLabel(room: string, account?: string): string {
  const partner = partnerIn(room, account);
  if (partner !== undefined) return DIRECT_SIGN + partner;
  return isDirectRoom(room) ? room : `#${room}`;
}

/**
 * Parses the name of a room as somebody writes it: `#lobby`, `@bob` for their conversation with
 * bob, or `@ann+bob`. Whether there is such a room, and for them, remains to be asked.
 *
 * @throws {DomainError} `bad-name`.
 */
export function parsePlaceName(text: string, { account }: Asker): string {
  const name = text.trim().replace(/^#/, "");
  if (!isDirectRoom(name)) return parseRoomName(name);
  const [one, ...others] = name.slice(DIRECT_SIGN.length).split(BETWEEN);
  const parse = (party: string) => parseName(party, NICKNAME_RULES);
  if (others.length > 0) return directRoom(parse(one), parse(others.join(BETWEEN)));
  return account === undefined
    ? DIRECT_SIGN + nameKey(parse(one))
    : directRoom(account, parse(one));
}
