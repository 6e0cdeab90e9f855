/**
 * What a client is sent when it has joined a room: its own joining, the topic, the names.
 *
 * @module
 */

import type { RoomEvent } from "../../domain/room_event.ts";
import type { RoomDigest } from "../chat/digest/room_digest.ts";
import { Form } from "./event_tags.ts";
import type { IrcClient } from "./irc_door.ts";
import { toChannel } from "./irc_names.ts";
import { isLarge, sendNames } from "./names_reply.ts";
import { replayRoom } from "./replay.ts";
import { sendTopic } from "./topic_reply.ts";

/** @param event Absent if the joining could not be stored. */
export function showJoin(client: IrcClient, room: RoomDigest, event?: RoomEvent): void {
  const { irc, form, person } = client;
  // The names show the signs of now.
  irc.modes.flush();
  if (event) {
    // Nobody has to be told that they are away themselves.
    for (const message of irc.lines.messagesOf(event, form & ~Form.AWAY)) client.send(message);
  } else {
    const channel = toChannel(room.name);
    const params = (form & Form.EXTENDED_JOIN) === 0
      ? [channel]
      : [channel, irc.people.accountOf(person) ?? "*", client.realname];
    client.send({ source: client.mask, verb: "JOIN", params, trailing: params.length > 1 });
  }
  if (room.topic !== "") sendTopic(client, room);
  if (client.caps.has("draft/read-marker")) {
    client.send(client.readTimes.messageFor(toChannel(room.name)));
  }
  // Names of large rooms take a while, and the past must come before what is said meanwhile.
  const pastIsFirst = isLarge(room);
  if (pastIsFirst) replayRoom(client, room, event?.seq);
  const wantsNames = !client.caps.has("no-implicit-names");
  client.namesSent = wantsNames ? sendNames(client, room) : undefined;
  if (!pastIsFirst) replayRoom(client, room, event?.seq);
}
