/**
 * The names of the people in a room as numeric replies (353, 366).
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { MAX_BODY_BYTES } from "../../codec/irc_message.ts";
import type { Room } from "../../domain/room.ts";
import type { Member } from "../../domain/room_stream.ts";
import { prefixesOf } from "./channel_prefixes.ts";
import type { IrcClient } from "./irc_door.ts";
import { toChannel, toIrcNick } from "./irc_names.ts";
import { isInvisibleTo } from "./visibility.ts";

/**
 * Members of a room that is listed at once. When a crowd enters in one go, each of them gets the
 * names, and others wait for all of that.
 */
const MOST_AT_ONCE = 50;
/**
 * Members of a larger room that are listed before others have a turn: as many as take about half a
 * millisecond, and fit an outbox.
 */
const STEP = 2000;

const IS_ASCII = /^[ -~]*$/;

/** A room, or its digest. */
export type NamedRoom = Pick<Room, "name" | "members" | "present">;

/** Whether listing everybody in a room takes a while. */
export function isLarge({ present }: NamedRoom): boolean {
  return present.size > MOST_AT_ONCE;
}

/**
 * Sends the names of everybody in a room, as the events that its members have been sent tell, except
 * for invisible people if the client is not in it. For a large room, other work runs first, and
 * for one of thousands also in between: members who leave before they are listed are left out, and
 * newcomers are listed, too.
 *
 * @returns Resolves once all have been sent; `undefined` if they have.
 */
export function sendNames(client: IrcClient, room: NamedRoom): Promise<void> | undefined {
  return listNames(client, room, () => endNames(client, toChannel(room.name)));
}

/**
 * The same without the end of the list.
 *
 * @param onListed Called right after the last name, before anything else can be told: at the end,
 * many clients take over the names of the list, even of people who have left in the meantime.
 */
export function listNames(
  client: IrcClient,
  room: NamedRoom,
  onListed: () => void = () => {},
): Promise<void> | undefined {
  const steps = stepsOf(client, room);
  if (isLarge(room)) return listSlowly(client, steps, onListed);
  for (const _ of steps);
  onListed();
  return undefined;
}

/** @param channels As the client named them. */
export function endNames(client: IrcClient, channels: string): void {
  client.reply("366", channels, "End of /NAMES list");
}

async function listSlowly(
  client: IrcClient,
  steps: Iterator<void>,
  onListed: () => void,
): Promise<void> {
  while (await client.ready()) {
    if (steps.next().done) return onListed();
  }
}

/** Sends the names, with a pause after every step. */
function* stepsOf(client: IrcClient, room: NamedRoom): Generator<void> {
  const { irc, caps, member: self } = client;
  const channel = toChannel(room.name);
  const { serverName } = irc.settings;
  // RFC 2812 section 5.1: secret, or public.
  const kind = irc.chat.access.rules(room.name)?.isHidden ? "@" : "=";
  const most = MAX_BODY_BYTES -
    Buffer.byteLength(`:${serverName} 353 ${client.nick} = ${channel} :`);
  const isMember = room.members.has(self);
  let line = "";
  let bytes = 0;
  let listed = 0;
  for (const [origin, nickname] of withSelf(room, self)) {
    if (++listed % STEP === 0) {
      // Meanwhile, those whose names have been sent may leave.
      if (line !== "") client.reply("353", kind, channel, line);
      line = "";
      yield;
    }
    // The client is told of its own name at once, and not again when that is on record.
    const nick = origin === self.origin ? client.nick : toIrcNick(nickname);
    const person = irc.people.authorOf({ origin });
    if (!isMember && person && isInvisibleTo(client, person)) continue;
    const prefixes = person ? prefixesOf(irc, room.name, person.member) : "";
    const prefix = caps.has("multi-prefix") ? prefixes : prefixes.slice(0, 1);
    const name = caps.has("userhost-in-names") && person
      ? `${nick}!${irc.people.userOf(person)}@${irc.people.hostOf(person)}`
      : nick;
    const shown = prefix + name;
    // Most names are of ASCII, whose bytes need not be counted.
    const size = IS_ASCII.test(shown) ? shown.length : Buffer.byteLength(shown);
    if (line !== "" && bytes + 1 + size > most) {
      client.reply("353", kind, channel, line);
      line = "";
    }
    bytes = line === "" ? size : bytes + 1 + size;
    line = line === "" ? shown : `${line} ${shown}`;
  }
  if (line !== "") client.reply("353", kind, channel, line);
}

/** Everybody in a room, with the asker even before their own coming is on record. */
function* withSelf(
  { present, members }: NamedRoom,
  self: Member,
): Iterable<readonly [origin: number, nickname: string]> {
  yield* present;
  if (members.has(self) && !present.has(self.origin)) yield [self.origin, self.nickname];
}
