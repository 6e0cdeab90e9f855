/**
 * What a client is sent when it has joined a room: its own joining, the topic, the names.
 *
 * @module
 */

import type { RoomEvent } from "../../../domain/room_event.ts";
import type { RoomDigest } from "../../chat/digest/room_digest.ts";
import { replayRoom } from "../history/replay.ts";
import type { IrcClient } from "../irc_door.ts";
import { toChannel } from "../irc_names.ts";
import { Form } from "../lines/event_tags.ts";
import { isLarge, sendNames } from "../people/names_reply.ts";
import { sendTopic } from "./topic_reply.ts";

/** @param event Absent if the joining could not be stored. */
export function showJoin(client: IrcClient, room: RoomDigest, event?: RoomEvent): void {
  // The names show the signs of now.
  client.irc.modes.flush();
  // Listing a large room takes a while, and history must come before what is said meanwhile.
  const pastIsFirst = isLarge(room);
  if (event) {
    // Nobody has to be told that they are away themselves.
    for (const message of client.irc.lines.messagesOf(event, client.form & ~Form.AWAY)) {
      client.send(message);
    }
  } else sendJoin(client, room);
  sendState(client, room);
  if (pastIsFirst) replayRoom(client, room, event?.seq);
  sendPeople(client, room);
  if (!pastIsFirst) replayRoom(client, room, event?.seq);
}

/** Shows a client its room under the new name: everything but the history. */
export function showRoom(client: IrcClient, room: RoomDigest): void {
  client.irc.modes.flush();
  sendJoin(client, room);
  sendState(client, room);
  sendPeople(client, room);
}

function sendJoin(client: IrcClient, { name }: RoomDigest): void {
  const { irc, form, person } = client;
  const channel = toChannel(name);
  const params = (form & Form.EXTENDED_JOIN) === 0
    ? [channel]
    : [channel, irc.people.accountOf(person) ?? "*", client.realname];
  client.send({ source: client.mask, verb: "JOIN", params, trailing: params.length > 1 });
}

function sendState(client: IrcClient, room: RoomDigest): void {
  if (room.topic !== "") sendTopic(client, room);
  if (client.caps.has("draft/read-marker")) {
    client.send(client.readTimes.messageFor(toChannel(room.name)));
  }
}

function sendPeople(client: IrcClient, room: RoomDigest): void {
  const wantsNames = !client.caps.has("no-implicit-names");
  client.namesSent = wantsNames ? sendNames(client, room) : undefined;
}
