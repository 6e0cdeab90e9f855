/**
 * Whose history is meant by a channel or a nickname. Only a room that the client is in, or a
 * conversation of its account, has one.
 *
 * @module
 */

import type { IrcReply } from "../../../codec/irc_message.ts";
import { directRoom, isDirectRoom, partnerIn } from "../../../domain/direct_room.ts";
import type { RoomRecord } from "../../../domain/message_log.ts";
import { nameKey } from "../../../domain/name.ts";
import type { RoomEvent } from "../../../domain/room_event.ts";
import type { IrcClient } from "../irc_door.ts";
import { fromChannel, fromIrcNick } from "../irc_names.ts";
import { Form } from "../lines/event_tags.ts";
import { privateActLine, privateLines } from "../lines/private_lines.ts";

/** A history that the client may read. */
export interface HistoryTarget {
  readonly room: string;
  /** The number of the last event that the client may have been told of. */
  readonly lastSeq: number;
  /** Whether the client has left the channel since, or followed it to another name. */
  hasMoved(): boolean;
  /** An event as the client is told of it. */
  messagesOf(event: RoomEvent): IrcReply[];
}

/**
 * Finds a history.
 *
 * @returns `undefined` if there is none for this client.
 * @throws {DomainError} `unavailable`.
 */
export async function findHistory(
  client: IrcClient,
  target: string,
): Promise<HistoryTarget | undefined> {
  const { person, member } = client;
  const messagesOf = (event: RoomEvent) => pastMessages(client, event);
  const channel = fromChannel(target);
  if (channel !== undefined) {
    const room = person.findRoom(channel) ?? await formerRoom(client, channel);
    const hasMoved = () => !person.findRoom(channel)?.members.has(member);
    return room && { room: room.name, lastSeq: room.lastSeq, hasMoved, messagesOf };
  }
  const partner = partnerOf(client, target);
  if (partner === undefined) return undefined;
  const room = directRoom(member.account!, partner);
  const record = await person.sees.room(room);
  return { room, lastSeq: record?.lastSeq ?? 0, hasMoved: () => false, messagesOf };
}

/** What is known of a room under a name that a channel had before, which the client is in. */
async function formerRoom(
  { person, caps }: IrcClient,
  name: string,
): Promise<RoomRecord | undefined> {
  // Without a batch it would look as if it was said now, in a channel that the client has left.
  if (!caps.has("batch")) return undefined;
  const current = person.chat.access.currentName(name);
  return current !== name && person.findRoom(current) ? await person.sees.room(name) : undefined;
}

/** An event of a channel or a conversation as the client is told of it, now that it is the past. */
export function pastMessages(client: IrcClient, event: RoomEvent): IrcReply[] {
  const { irc, form, member } = client;
  const partner = partnerIn(event.room, member.account);
  if (partner !== undefined) return conversationLines(client, partner, event);
  // The client has logged out of the account in the meantime.
  if (isDirectRoom(event.room)) return [];
  // Whether somebody is away is told of the present only.
  return irc.lines.messagesOf(event, form & ~Form.LIVE | Form.PAST);
}

/**
 * The key of the account that a nickname stands for in the conversations of the client's account;
 * `undefined` if the client has none.
 */
export function partnerOf({ member, irc: { chat } }: IrcClient, nick: string): string | undefined {
  if (member.account === undefined) return undefined;
  const name = fromIrcNick(nick);
  const person = chat.people.find(name);
  if (person) return person.member.account ?? nameKey(name);
  return chat.accounts.find(name)?.key;
}

/** The name of an account as it was registered. */
function accountName({ irc: { chat } }: IrcClient, key: string): string {
  return chat.accounts.find(key)?.name ?? key;
}

/** An event of a conversation. */
function conversationLines(client: IrcClient, partner: string, event: RoomEvent): IrcReply[] {
  if (event.kind !== "message") {
    return [privateActLine(client, event, partner) ?? []].flat();
  }
  const { from, body, fields } = event;
  const own = client.member.account!;
  const isOwn = nameKey(from) === own;
  return privateLines(client, {
    from,
    to: accountName(client, isOwn ? partner : own),
    body,
    fields,
    kept: { event, partner, isOwn },
  });
}
