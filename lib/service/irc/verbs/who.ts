import { nameKey } from "../../../domain/name.ts";
import type { Room } from "../../../domain/rooms/room.ts";
import { compileGlob, isGlob } from "../../../domain/text/glob.ts";
import type { ChatSession } from "../../chat/chat_session.ts";
import type { IrcClient } from "../irc_door.ts";
import { fromChannel, fromIrcNick, toIrcNick } from "../irc_names.ts";
import type { IrcPeople } from "../irc_people.ts";
import { isInvisibleTo, sharedRoom } from "../people/visibility.ts";
import { WhoAnswer } from "../people/who_answer.ts";
import type { Verb } from "../verb.ts";

/** Longest mask, and people looked at before others have a turn: both bound the work of a turn. */
const LONGEST_MASK = 100;
const LOOKED_AT_ONCE = 50;

/** WHO, and WHOX. */
export const WHO: Verb = {
  name: "WHO",
  help: [
    "WHO #CHANNEL|NICK|MASK [o][%FIELDS[,TOKEN]] - lists the people of a channel, or by their names",
    "A MASK has * for any text and ? for one character; o lists only operators.",
  ],
  async run(client, { params: [target = "*", options = ""] }) {
    const answer = new WhoAnswer(client, options);
    const name = fromChannel(target);
    const room = name === undefined ? undefined : client.person.sees.findListed(name);
    let looked = 0;
    for (const [person, shown] of found(client, target, room)) {
      if (++looked % LOOKED_AT_ONCE === 0 && !await client.ready()) return;
      if (person) answer.add(person, shown);
    }
    client.reply("315", target, "End of /WHO list");
  },
};

/** Somebody with the room that they are shown in; nobody for each who was only looked at. */
type Found = readonly [person?: ChatSession, room?: Room];

function found(client: IrcClient, target: string, room: Room | undefined): Iterable<Found> {
  if (room) return inRoom(client, room);
  // RFC 2812, 3.6.1
  if (target === "0") return byMask(client, "*");
  if (target.startsWith("#")) return [];
  if (isGlob(target)) return byMask(client, target);
  const person = client.irc.chat.people.find(fromIrcNick(target));
  return person ? [[person, sharedRoom(client, person)]] : [];
}

function* inRoom(client: IrcClient, room: Room): Generator<Found> {
  const isMember = room.members.has(client.member);
  for (const { nickname } of [...room.members]) {
    const person = client.irc.chat.people.find(nickname);
    if (!person || (!isMember && isInvisibleTo(client, person))) yield [];
    else yield [person, room];
  }
}

/** People who are invisible must share a room with the client, or be asked for by name. */
function* byMask(client: IrcClient, target: string): Generator<Found> {
  const isMatch = compileGlob(nameKey(target.slice(0, LONGEST_MASK)));
  const { people, chat } = client.irc;
  for (const person of [...chat.people.holders]) {
    const isMeant = searched(target, person, people).some((text) => isMatch(nameKey(text)));
    const room = isMeant ? sharedRoom(client, person) : undefined;
    if (!isMeant || (!room && isInvisibleTo(client, person))) yield [];
    else yield [person, room];
  }
}

/** The texts that a mask is compared with: what it looks like says whether it is about hosts. */
function searched(mask: string, person: ChatSession, people: IrcPeople): string[] {
  if (/[!@]/.test(mask)) return [people.maskOf(person)];
  const names = [toIrcNick(person.nickname), people.userOf(person), people.realnameOf(person)];
  return mask.includes(".") ? [...names, people.hostOf(person)] : names;
}
