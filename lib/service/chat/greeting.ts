/**
 * What somebody who enters a room is told of it.
 *
 * @module
 */

import type { RoomStream } from "../../domain/room_stream.ts";
import type { Viewer } from "./screen.ts";

/** Names listed at most; `/who` lists more. */
const MOST_NAMES = 20;

/** Who else is in the room, in a sentence for somebody who is in it already. */
export function greeting({ name, members }: RoomStream, { nickname }: Viewer): string {
  const names: string[] = [];
  for (const member of members) {
    if (names.length === MOST_NAMES) break;
    if (member.nickname !== nickname) names.push(member.nickname);
  }
  const others = members.size - 1;
  if (others === 0) return `You are in #${name}. Nobody else is here yet.`;
  const more = others - names.length;
  const rest = more === 0 ? "" : ` and ${more.toLocaleString("en")} other${more === 1 ? "" : "s"}`;
  return `You are in #${name} with ${names.join(", ")}${rest}.`;
}
