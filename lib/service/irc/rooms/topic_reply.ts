/**
 * The topic of a room as numeric replies.
 *
 * @module
 */

import type { RoomStream } from "../../../domain/rooms/room_stream.ts";
import type { IrcClient } from "../irc_door.ts";
import { toChannel, toIrcNick } from "../irc_names.ts";
import { shownOnIrc } from "../lines/shown_on_irc.ts";

/** Sends the topic (332) and who set it when (333), or that there is none (331). */
export function sendTopic(
  client: IrcClient,
  { name, topic, topicOrigin }: Pick<RoomStream, "name" | "topic" | "topicOrigin">,
): void {
  const channel = toChannel(name);
  if (topic === "") return client.reply("331", channel, "No topic is set");
  client.reply("332", channel, shownOnIrc(topic));
  if (!topicOrigin) return;
  const seconds = String(Math.floor(topicOrigin.at / 1000));
  const source = client.irc.settings.serverName;
  const params = [client.nick, channel, toIrcNick(topicOrigin.by), seconds];
  client.send({ source, verb: "333", params });
}
