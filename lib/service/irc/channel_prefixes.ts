/**
 * The signs before a member's name in a room: `@` for those who keep order there, `+` for those with
 * a voice; for good, or as long as they are there.
 *
 * @module
 */

import type { Member } from "../../domain/room_stream.ts";
import type { ChatContext } from "../chat/chat_session.ts";

/**
 * All signs of a member, the highest first; `""` for none.
 *
 * @param account Theirs, if it should count as another than it is.
 */
export function prefixesOf(
  { chat: { access } }: { readonly chat: Pick<ChatContext, "access"> },
  room: string,
  member: Member,
  account = member.account,
): string {
  const role = account === undefined ? undefined : access.rules(room)?.roles.get(account);
  const attendees = access.attendance.in(room);
  const isKeeper = role === "owner" || role === "moderator" || attendees?.has(member, "moderator");
  const hasVoice = role === "voice" || attendees?.has(member, "voice");
  return (isKeeper ? "@" : "") + (hasVoice ? "+" : "");
}
