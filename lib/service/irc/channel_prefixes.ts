/**
 * The signs before a member's name in a room: `@` for those who keep order there, `+` for those with
 * a voice.
 *
 * @module
 */

import type { Member } from "../../domain/room_stream.ts";
import type { IrcContext } from "./irc_context.ts";

/** All signs of a member, the highest first; `""` for none. */
export function prefixesOf({ chat }: IrcContext, room: string, { account }: Member): string {
  const role = account === undefined ? undefined : chat.access.rules(room)?.roles.get(account);
  if (role === undefined) return "";
  return role === "voice" ? "+" : "@";
}
