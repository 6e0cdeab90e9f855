/**
 * Why somebody may not do something, in sentences that say what to do instead.
 *
 * @module
 */

import { isDirectRoom } from "../direct_room.ts";
import { DomainError, type Obstacle } from "../domain_error.ts";
import type { Circumstances } from "./room_act.ts";
import { type Role, type RoomRules, withRole } from "./rules/room_rules.ts";

/** The error `not-permitted`. @param sentence For the person, with what to do instead. */
export function notPermitted(sentence: string, obstacle?: Obstacle): DomainError {
  return new DomainError("not-permitted", sentence, obstacle);
}

/** The error for a room that does not exist. @param name May begin with `#`. */
export function missing(name: string): DomainError {
  const what = isDirectRoom(name)
    ? `There is no conversation ${name}. /msg lists yours.`
    : `There is no room #${name.replace(/^#/, "")}. /rooms lists the rooms.`;
  return new DomainError("no-such-room", what);
}

/** Tells who has a power: lasting roles first, as they come before those of the moment. */
export function whomToAsk(rules: RoomRules, role: Role, circumstances: Circumstances = {}): string {
  const names = [
    ...withRole(rules, "owner"),
    ...(role === "moderator" ? withRole(rules, "moderator") : []),
  ];
  return askOneOf(names.length > 0 ? names : keepersOf(rules, circumstances));
}

/** The moderators of a room that nobody owns. Who is in a private one is not told outside. */
export function keepersOf(
  rules: RoomRules | undefined,
  { attendees, isMember = false }: Circumstances,
): string[] {
  if (rules?.isPrivate && !isMember) return [];
  return [...attendees?.with("moderator") ?? []].map(({ nickname }) => nickname);
}

/** `Ask ann, bob.`: the first five of them or, without any, an operator. */
export function askOneOf(names: readonly string[]): string {
  return names.length === 0
    ? "Ask an operator of the server."
    : `Ask ${names.slice(0, 5).join(", ")}.`;
}
