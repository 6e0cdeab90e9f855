/**
 * The past for clients that cannot ask for it: the last lines of a channel on joining it, to those
 * that show the time of a message, and unread private messages on connecting. Clients with
 * `draft/chathistory` get nothing unasked.
 *
 * @module
 */

import { tombstoneOf } from "../../../domain/redaction.ts";
import type { RoomEvent } from "../../../domain/room_event.ts";
import type { RoomStream } from "../../../domain/rooms/room_stream.ts";
import type { DirectConversation } from "../../chat/direct/direct_conversation.ts";
import { isIgnored } from "../../chat/screen.ts";
import type { IrcClient } from "../irc_door.ts";
import { toChannel, toIrcNick } from "../irc_names.ts";
import { Form } from "../lines/event_tags.ts";
import { OutgoingBatch } from "../lines/outgoing_batch.ts";
import { verbOf } from "../lines/text_messages.ts";
import { readHistoryPart } from "./history_pages.ts";
import { findHistory } from "./history_target.ts";

/** Characters of the lines of a channel, of which the last ones are shown. */
const MOST_CHARACTERS = 20_000;
/** Conversations whose unread messages are shown, and messages of each. */
const MOST_CONVERSATIONS_SHOWN = 20;
const MOST_UNREAD_SHOWN = 100;

/**
 * Shows the last lines of a channel.
 *
 * @param before The number of the client's own joining.
 */
export function replayRoom(client: IrcClient, room: RoomStream, before = Infinity): void {
  const { irc, form, caps, member } = client;
  const { replay } = irc.settings;
  // Without its time, a line would look as if it was said now.
  if (replay === 0 || !caps.has("server-time") || caps.has("draft/chathistory")) return;
  let characters = 0;
  const lines: RoomEvent[] = [];
  for (const event of room.recent.toReversed()) {
    if (event.seq >= before || !isLine(event) || isIgnored(event, member.ignored)) continue;
    characters += event.body.length;
    if (characters > MOST_CHARACTERS || lines.push(event) === replay) break;
  }
  if (lines.length === 0) return;
  const batch = new OutgoingBatch(client, "chathistory", toChannel(room.name));
  for (const event of lines.reverse()) {
    for (const message of irc.lines.messagesOf(event, form & ~Form.LIVE)) batch.put(message);
  }
  batch.end();
}

/** Shows private messages that came while nobody read them. They are read then. */
export async function replayUnread(
  client: IrcClient,
  conversations: readonly DirectConversation[],
): Promise<void> {
  const { person, member, caps } = client;
  if (caps.has("draft/chathistory")) return;
  const { account } = member;
  const unread = conversations
    .filter(({ unread, partner }) => unread > 0 && !member.ignored.has(partner));
  for (const { room, name, partner, read, lastSeq } of unread.slice(0, MOST_CONVERSATIONS_SHOWN)) {
    const nick = toIrcNick(name);
    const history = await findHistory(client, nick);
    if (history?.room !== room) continue;
    const events = await readHistoryPart(person.sees, {
      room,
      range: { after: read, before: lastSeq + 1 },
      end: "first",
      limit: MOST_UNREAD_SHOWN,
      hasEvents: false,
      turn: () => client.ready(),
    });
    // They have logged out in the meantime, or into another account: this is not theirs to read.
    if (member.account !== account) return;
    const batch = new OutgoingBatch(client, "chathistory", nick);
    for (const event of events) {
      if (!await batch.add(history.messagesOf(event))) return;
    }
    batch.end();
    const last = events.at(-1);
    if (last && person.screen.isReadWhenShown) person.correspondence.noteRead(partner, last.seq);
  }
  const more = unread.length - MOST_CONVERSATIONS_SHOWN;
  if (more > 0) person.notice(`Unread messages from ${more} more people will be shown next time.`);
}

/** Whether an event is a line that a program must not take for an answer to something. */
function isLine(event: RoomEvent): boolean {
  const { kind, fields } = event;
  return (kind === "message" || kind === "action" || kind === "log") && !tombstoneOf(event) &&
    verbOf(fields) === "PRIVMSG";
}
