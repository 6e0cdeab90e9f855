/**
 * What is said in conversations of two, as messages of the protocol.
 *
 * @module
 */

import { toEventJson } from "../../domain/event_json.ts";
import type { RoomEvent } from "../../domain/room_event.ts";
import type { DirectConversation } from "../../service/chat/direct/direct_conversation.ts";
import type { KeptMessage, PrivateMessage } from "../../service/chat/screen.ts";
import type { Ref, ServerMessage } from "../protocol.ts";

/** A message that nobody can read again. @param ref Of the request that sent it. */
export function unkeptPrivateMessage(message: PrivateMessage, ref: Ref | undefined): ServerMessage {
  const { from, to, body, at: sentAt } = message;
  return { type: "private", ref, from, to, at: new Date(sentAt ?? Date.now()).toISOString(), body };
}

export function keptMessage({ from, to, body }: PrivateMessage, kept: KeptMessage): ServerMessage {
  const { room, id, seq, at, reply, about } = toEventJson(kept.event);
  const place = { with: kept.partner, since: kept.since, room, id, seq, reply, about };
  return { type: "private", from, to, at, body, ...place };
}

/** A redaction, or a reaction. */
export function privateAct(act: RoomEvent, partner: string): ServerMessage {
  return {
    type: act.kind === "redaction" ? "private-redaction" : "private-reaction",
    with: partner,
    room: act.room,
    event: toEventJson(act),
  };
}

export function conversationList(conversations: readonly DirectConversation[]): ServerMessage {
  return {
    type: "conversations",
    conversations: conversations.map(({ name, since, room, lastSeq, read, unread }) => ({
      with: name,
      since,
      room,
      lastSeq,
      read,
      unread,
    })),
  };
}
