/**
 * Rooms of two: what two accounts write to each other privately is kept in a room that only they
 * can read. Its name cannot be typed as a room's name.
 *
 * @module
 */

import { nameKey } from "../name.ts";
import type { Asker } from "./asker.ts";

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
