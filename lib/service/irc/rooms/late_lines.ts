/**
 * Messages said in a room while it was being renamed, as lines for the channel that the client
 * still knows. Joins and leaves of that moment are shown in the new channel.
 *
 * @module
 */

import { formatIrcMessage } from "../../../codec/irc_message.ts";
import type { RoomEvent } from "../../../domain/room_event.ts";
import type { IrcClient } from "../irc_door.ts";
import { toChannel } from "../irc_names.ts";

/** @param room The room that the client takes itself to be in. */
export function lateLines(
  { irc, form }: IrcClient,
  events: readonly RoomEvent[],
  room: string,
): string {
  return events.map((event) => {
    const before = toChannel(event.room);
    return irc.lines.messagesOf(event, form).map((message) => {
      const params = message.params.map((param) => param === before ? toChannel(room) : param);
      return `${formatIrcMessage({ ...message, params })}\r\n`;
    }).join("");
  }).join("");
}
