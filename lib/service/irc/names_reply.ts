/**
 * The names of the people in a room as numeric replies (353, 366).
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { MAX_BODY_BYTES } from "../../codec/irc_message.ts";
import type { Room } from "../../domain/room.ts";
import { prefixesOf } from "./channel_prefixes.ts";
import type { IrcClient } from "./irc_client.ts";
import { toChannel, toIrcNick } from "./irc_names.ts";
import { isInvisibleTo } from "./visibility.ts";

/** Members that are listed before others have a turn. */
export const LISTED_AT_ONCE = 500;

/** A room, or its digest. */
export type NamedRoom = Pick<Room, "name" | "members" | "present">;

/**
 * Sends the names of everybody in a room, as the events that its members have been sent tell, except
 * for invisible people if the client is not in it. In a large room, others have turns meanwhile:
 * members who leave before they are listed are left out, and those who come are listed, too.
 *
 * @returns Resolves once all have been sent; `undefined` if they have.
 */
export function sendNames(client: IrcClient, room: NamedRoom): Promise<void> | undefined {
  const sent = listNames(client, room);
  if (sent) return sent.then(() => endNames(client, toChannel(room.name)));
  endNames(client, toChannel(room.name));
  return undefined;
}

/** The same without the end of the list. */
export function listNames(client: IrcClient, room: NamedRoom): Promise<void> | undefined {
  const steps = stepsOf(client, room);
  if (room.present.size > LISTED_AT_ONCE) return listSlowly(client, steps);
  for (const _ of steps);
  return undefined;
}

/** @param channels As the client named them. */
export function endNames(client: IrcClient, channels: string): void {
  client.reply("366", channels, "End of /NAMES list");
}

async function listSlowly(client: IrcClient, steps: Iterable<void>): Promise<void> {
  for (const _ of steps) {
    if (!await client.ready()) return;
  }
}

/** Sends the names, with a pause after every few hundred of them. */
function* stepsOf(client: IrcClient, room: NamedRoom): Generator<void> {
  const { irc, caps, member: self } = client;
  const channel = toChannel(room.name);
  const { serverName } = irc.settings;
  // RFC 2812 section 5.1: secret, or public.
  const kind = irc.chat.access.rules(room.name)?.isHidden ? "@" : "=";
  const head = Buffer.byteLength(`:${serverName} 353 ${client.nick} = ${channel} :`);
  const isMember = room.members.has(self);
  let line = "";
  let listed = 0;
  for (const [origin, nickname] of room.present) {
    if (++listed % LISTED_AT_ONCE === 0) yield;
    const nick = toIrcNick(nickname);
    const person = irc.people.authorOf({ origin });
    if (!isMember && person && isInvisibleTo(client, person)) continue;
    const prefixes = person ? prefixesOf(irc, room.name, person.member) : "";
    const prefix = caps.has("multi-prefix") ? prefixes : prefixes.slice(0, 1);
    const name = caps.has("userhost-in-names") && person
      ? `${nick}!${irc.people.userOf(person)}@${irc.people.hostOf(person)}`
      : nick;
    const next = line === "" ? prefix + name : `${line} ${prefix}${name}`;
    if (line !== "" && head + Buffer.byteLength(next) > MAX_BODY_BYTES) {
      client.reply("353", kind, channel, line);
      line = prefix + name;
    } else {
      line = next;
    }
  }
  if (line !== "") client.reply("353", kind, channel, line);
}
