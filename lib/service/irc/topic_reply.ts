/**
 * The topic of a room as a numeric reply.
 *
 * @module
 */

import type { RoomStream } from "../../domain/room_stream.ts";
import type { IrcClient } from "./irc_client.ts";
import { toChannel } from "./irc_names.ts";
import { shownOnIrc } from "./shown_on_irc.ts";

/** Sends the topic (332), or that there is none (331). */
export function sendTopic(client: IrcClient, { name, topic }: RoomStream): void {
  const channel = toChannel(name);
  if (topic === "") client.reply("331", channel, "No topic is set");
  else client.reply("332", channel, shownOnIrc(topic));
}
