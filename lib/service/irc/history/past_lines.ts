/**
 * What a client that reads slowly missed, as lines: what was said in a batch of history (IRCv3
 * chathistory), so that the client shows it as such, and who came and went between the batches,
 * because that is how things are now.
 *
 * @module
 */

import { formatIrcMessage, type IrcReply } from "../../../codec/irc_message.ts";
import type { RoomEvent } from "../../../domain/room_event.ts";
import type { IrcClient } from "../irc_door.ts";
import { toChannel } from "../irc_names.ts";
import { Form } from "../lines/event_tags.ts";
import { withTag } from "../lines/tagged_message.ts";
import { isShownAsTalk } from "./history_pages.ts";

/** Age of events, in milliseconds, from which on they are the past. */
const PAST_MS = 5000;

/** Whether events are the past to a client, and no late present. */
export function isPast({ caps, irc }: IrcClient, [first]: readonly RoomEvent[]): boolean {
  return caps.has("batch") && irc.clock.now() - first.at >= PAST_MS;
}

/** Events of one room, in order, each line with its end. */
export function pastLines(client: IrcClient, events: readonly RoomEvent[]): string {
  let text = "";
  for (let at = 0; at < events.length;) {
    const end = events.findIndex((event, index) => index > at && !isShownAsTalk(event));
    const isTalk = isShownAsTalk(events[at]);
    const next = !isTalk ? at + 1 : end === -1 ? events.length : end;
    const piece = events.slice(at, next);
    text += isTalk ? batchOf(client, piece) : linesOf(client, piece).map(format).join("");
    at = next;
  }
  return text;
}

function batchOf(client: IrcClient, events: readonly RoomEvent[]): string {
  const name = client.nextBatch();
  const { serverName: source } = client.irc.settings;
  const params = [`+${name}`, "chathistory", toChannel(events[0].room)];
  return [
    { source, verb: "BATCH", params },
    ...linesOf(client, events).map((message) => withTag(message, "batch", name)),
    { source, verb: "BATCH", params: [`-${name}`] },
  ].map(format).join("");
}

function linesOf({ irc, form }: IrcClient, events: readonly RoomEvent[]): IrcReply[] {
  return events.flatMap((event) => irc.lines.messagesOf(event, form & ~Form.RENAMES));
}

function format(message: IrcReply): string {
  return `${formatIrcMessage(message)}\r\n`;
}
