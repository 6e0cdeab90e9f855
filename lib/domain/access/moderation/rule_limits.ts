/**
 * What the rules of a room may come to: bounded lists, and no room without an owner that needs one.
 *
 * @module
 */

import { notPermitted } from "../refusal.ts";
import { areOpen, isOwned, type RoomRules } from "../rules/room_rules.ts";

/** Bans of a room, and as many mutes, invitations, roles and exceptions. */
export const MOST_PER_ROOM = 500;

/**
 * Checks that a room may have such rules.
 *
 * @param before The rules that they replace.
 * @throws {DomainError} `not-permitted`.
 */
export function checkRules(before: RoomRules, next: RoomRules): void {
  for (const [name, remedy] of BOUNDED) {
    const count = sizeOf(next[name]);
    if (count <= MOST_PER_ROOM || count <= sizeOf(before[name])) continue;
    const isOfPeople = name === "invited" || name === "welcome";
    const what = isOfPeople ? "invitations" : name;
    throw notPermitted(`#${next.name} has ${MOST_PER_ROOM} ${what}, which is the limit. ${remedy}`);
  }
  const others = { ...next, bans: [], mutes: [], exceptions: [] };
  if (isOwned(before) && !isOwned(next) && !areOpen(others)) {
    throw notPermitted(
      `#${next.name} would have no owner. Make somebody else one with /grant NAME owner, or give ` +
        "the room up with /room release.",
    );
  }
}

const BOUNDED = [
  ["bans", "End one with /unban first, or ban a range of addresses."],
  ["mutes", "End one with /unmute first, or make the room moderated."],
  ["exceptions", "Remove one with /room except NAME off first."],
  ["welcome", "Take one back with /uninvite first, or use a wider mask."],
  ["invited", "Take one back with /uninvite first, or give people a voice."],
  ["roles", "Take one back with /grant NAME none first."],
] as const;

function sizeOf(list: readonly unknown[] | { readonly size: number }): number {
  return "size" in list ? list.size : list.length;
}
