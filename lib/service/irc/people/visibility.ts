/**
 * Whom a client may find without knowing their name, and in which rooms.
 *
 * @module
 */

import type { Room } from "../../../domain/rooms/room.ts";
import type { ChatSession } from "../../chat/chat_session.ts";
import type { IrcClient } from "../irc_door.ts";

/** Whether somebody wants to be found only by those who share a room with them. */
export function isInvisibleTo(client: IrcClient, person: ChatSession): boolean {
  return person !== client.person && person.member.details?.modes.has("i") === true;
}

/** A room that both are in; a person shares their rooms with themselves. */
export function sharedRoom(client: IrcClient, other: ChatSession): Room | undefined {
  const { member, person: { sees } } = client;
  return other.rooms.map(({ name }) => sees.find(name)).find((room) => room?.members.has(member));
}

/** Those of somebody's rooms that a client may know they are in. */
export function visibleRooms(client: IrcClient, person: ChatSession): Room[] {
  const isInvisible = isInvisibleTo(client, person);
  return person.rooms.flatMap(({ name }) => {
    const room = client.person.sees.findListed(name);
    return room && (!isInvisible || room.members.has(client.member)) ? room : [];
  });
}
