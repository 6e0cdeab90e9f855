/**
 * Says that the text of a message has been removed (IRCv3 draft/message-redaction).
 *
 * @module
 */

import type { IrcReply } from "../../../codec/irc_message.ts";
import type { RoomEvent } from "../../../domain/room_event.ts";
import { msgidOf } from "./event_tags.ts";
import { shownOnIrc } from "./shown_on_irc.ts";

/** @param target The channel, or the nickname of whom the message was for. */
export function redactionMessage(
  source: string,
  target: string,
  { room, body: reason, fields }: Pick<RoomEvent, "room" | "body" | "fields">,
): IrcReply {
  const params = [target, msgidOf({ room, seq: Number(fields?.of) })];
  if (reason === "") return { source, verb: "REDACT", params };
  return { source, verb: "REDACT", params: [...params, shownOnIrc(reason)], trailing: true };
}
