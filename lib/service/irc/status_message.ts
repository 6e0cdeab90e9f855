/**
 * Messages to the operators or voices of a channel (STATUSMSG): `PRIVMSG @#room :text` reaches
 * whoever keeps order there, `+#room` also those with a voice. It goes to those who are there now,
 * at every door and node, and is not kept.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import type { IrcMessage, IrcReply } from "../../codec/irc_message.ts";
import { DomainError } from "../../domain/domain_error.ts";
import { nameKey } from "../../domain/name.ts";
import type { Member } from "../../domain/rooms/room_stream.ts";
import { prefixesOf } from "./channel_prefixes.ts";
import { clientTags, Form } from "./event_tags.ts";
import { fieldsOf } from "./client_tags.ts";
import type { IrcClient } from "./irc_door.ts";
import { toChannel } from "./irc_names.ts";
import { notIn } from "./known_channels.ts";
import { actionOf } from "./private_text.ts";
import { ACTION_WRAPPING, taggedTextMessages } from "./text_messages.ts";
import { bodyOf } from "../chat/said_text.ts";

/** Members looked at before others have a turn. */
const LOOKED_AT_ONCE = 500;

/** Those in a room who have a sign, or a higher one. */
export interface SignedTarget {
  readonly sign: "@" | "+";
  readonly room: string;
}

/** Whom a target such as `@#room` names; `undefined` for another target. */
export function signedTarget(target: string): SignedTarget | undefined {
  // The target of nearly every message.
  if (target[0] === "#") return undefined;
  const [, signs, room] = /^([@+]+)#(.+)$/s.exec(target) ?? [];
  return signs === undefined ? undefined : { sign: signs.includes("+") ? "+" : "@", room };
}

/** Says something to them. @throws {DomainError} if the client may not speak there. */
export async function tellSigned(
  client: IrcClient,
  message: IrcMessage,
  { sign, room: name }: SignedTarget,
  text: string,
): Promise<void> {
  const { person, member, irc, caps, answer } = client;
  const room = person.findCalled(name);
  if (!room) throw notIn(client, toChannel(name));
  const action = actionOf(text);
  if (!irc.chat.registry.maySpeak(member, room, action ?? text)) {
    throw new DomainError("not-delivered", `You may not speak in #${room.name} now.`);
  }
  const body = bodyOf(person, action ?? text);
  const sent = { id: crypto.randomUUID(), at: irc.clock.now() };
  const linesFor = (to: IrcClient) =>
    taggedTextMessages(
      {
        source: irc.people.maskOf(person),
        verb: message.verb === "NOTICE" ? "NOTICE" : "PRIVMSG",
        target: `${sign}${toChannel(room.name)}`,
        text: body,
        wrapping: action === undefined ? undefined : ACTION_WRAPPING,
      },
      tagsFor(client, to, message, sent),
      to.form,
      `s-${to.nextBatch()}`,
    );
  const whom = sign === "@" ? `the moderators of #${room.name}` : `voices of #${room.name}`;
  const words = action === undefined
    ? `${person.nickname} to ${whom}: ${body}`
    : `To ${whom}: ${person.nickname} ${body}`;
  let looked = 0;
  for (const to of room.members) {
    if (++looked % LOOKED_AT_ONCE === 0) await setImmediate();
    if (to === member || !hasSign(client, to, room.name, sign)) continue;
    const other = irc.chat.people.find(to.nickname);
    if (!other || other.ignored.has(nameKey(person.nickname))) continue;
    const their = irc.clients.get(to);
    if (their) their.offer(linesFor(their), false);
    else other.notice(words);
  }
  if (!caps.has("echo-message")) return;
  const own = linesFor(client);
  if (answer) answer.give(own);
  else for (const line of own) client.sendUnasked(line);
}

/** Whether somebody in a room has a sign, or a higher one. */
export function hasSign({ irc }: IrcClient, to: Member, room: string, sign: "@" | "+"): boolean {
  const signs = prefixesOf(irc, room, to);
  return signs.includes("@") || sign === "+" && signs.includes("+");
}

function tagsFor(
  from: IrcClient,
  to: IrcClient,
  message: IrcMessage,
  { id, at }: { id: string; at: number },
): NonNullable<IrcReply["tags"]> {
  const { people } = to.irc;
  const account = people.accountOf(from.person);
  const tags = new Map<string, string>();
  if (to.form & Form.TIME) tags.set("time", new Date(at).toISOString());
  if (to.form & Form.ACCOUNT && account !== undefined) tags.set("account", account);
  if ((to.form & Form.TAGS) === 0) return tags;
  tags.set("msgid", id);
  if (people.isBot(from.person)) tags.set("bot", "");
  for (const [name, value] of clientTags(fieldsOf(from, message))) tags.set(name, value);
  return tags;
}
