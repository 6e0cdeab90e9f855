/**
 * The signs before a member's name in a room: `@` for those who keep order there, `+` for those with
 * a voice; for good, or as long as they are there.
 *
 * @module
 */

import type { RoomRules } from "../../../domain/access/rules/room_rules.ts";
import type { Member, RoomStream } from "../../../domain/rooms/room_stream.ts";
import type { ChatContext } from "../../chat/chat_session.ts";

/** The signs of all members of a room who have any, by origin. */
export function signsIn(
  { chat: { access } }: { readonly chat: Pick<ChatContext, "access"> },
  { name, members }: Pick<RoomStream, "name" | "members">,
): ReadonlyMap<number, string> {
  const irc = { chat: { access } };
  const signs = new Map<number, string>();
  const note = (member: Member) => {
    const own = prefixesOf(irc, name, member);
    if (own !== "") signs.set(member.origin, own);
  };
  const roles = access.rules(name)?.roles;
  if (roles && roles.size > 0) {
    for (const member of members) {
      if (member.account !== undefined && roles.has(member.account)) note(member);
    }
  }
  for (const asker of access.attendance.in(name)?.all ?? []) note(asker as Member);
  return signs;
}

/**
 * All signs of a member, the highest first; `""` for none.
 *
 * @param account Theirs, if it should count as another than it is.
 * @param rules Those of the room, if others should count than those in force.
 */
export function prefixesOf(
  { chat: { access } }: { readonly chat: Pick<ChatContext, "access"> },
  room: string,
  member: Member,
  account = member.account,
  rules: Pick<RoomRules, "roles"> | undefined = access.rules(room),
): string {
  const role = account === undefined ? undefined : rules?.roles.get(account);
  const attendees = access.attendance.in(room);
  const isKeeper = role === "owner" || role === "moderator" || attendees?.has(member, "moderator");
  const hasVoice = role === "voice" || attendees?.has(member, "voice");
  return (isKeeper ? "@" : "") + (hasVoice ? "+" : "");
}
