/**
 * Messages to the operators or voices of a channel (STATUSMSG): `PRIVMSG @#room :text` reaches
 * whoever keeps order there, `+#room` also those with a voice. It goes to those who are there now,
 * at every door and node, and is not kept.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import type { IrcMessage, IrcReply } from "../../../codec/irc_message.ts";
import { DomainError } from "../../../domain/domain_error.ts";
import type { RoomStream } from "../../../domain/rooms/room_stream.ts";
import type { ChatSession } from "../../chat/chat_session.ts";
import type { Sign, SignedNotice } from "../../chat/screen.ts";
import { showSigned } from "../../chat/show_signed.ts";
import { bodyOf } from "../../chat/speech/said_text.ts";
import type { IrcClient } from "../irc_door.ts";
import { fromChannel, toChannel } from "../irc_names.ts";
import { notIn } from "../known_channels.ts";
import { fieldsOf } from "../lines/client_tags.ts";
import { clientTags, Form } from "../lines/event_tags.ts";
import { actionOf } from "../lines/private_text.ts";
import { ACTION_WRAPPING, taggedTextMessages, verbOf } from "../lines/text_messages.ts";
import { prefixesOf } from "../modes/channel_prefixes.ts";

/** Members looked at before others have a turn. */
const LOOKED_AT_ONCE = 500;

/** Those in a room who have a sign, or a higher one. */
export interface SignedTarget {
  readonly sign: Sign;
  readonly room: string;
}

/** Whom a target such as `@#room` names; `undefined` for another target. */
export function signedTarget(target: string): SignedTarget | undefined {
  // The target of nearly every message.
  if (target[0] === "#") return undefined;
  const [, signs, channel] = /^([@+]+)(#.+)$/s.exec(target) ?? [];
  if (signs === undefined) return undefined;
  return { sign: signs.includes("+") ? "+" : "@", room: fromChannel(channel)! };
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
  const whom = sign === "@" ? `the moderators of #${room.name}` : `voices of #${room.name}`;
  const notice: SignedNotice = {
    from: person.nickname,
    room: room.name,
    sign,
    kind: action === undefined ? "message" : "action",
    body,
    fields: fieldsOf(client, message),
    id: crypto.randomUUID(),
    at: irc.clock.now(),
    words: action === undefined
      ? `${person.nickname} to ${whom}: ${body}`
      : `To ${whom}: ${person.nickname} ${body}`,
  };
  for await (const to of peopleWithSign(client, room, sign)) showSigned(to, notice);
  if (!caps.has("echo-message")) return;
  const own = linesFrom(person, client, notice);
  if (answer) answer.give(own);
  else for (const line of own) client.sendUnasked(line);
}

/** Those in a room who have a sign, at any door and node, apart from the client; in small steps. */
export async function* peopleWithSign(
  { irc, member }: IrcClient,
  room: RoomStream,
  sign: Sign,
): AsyncIterable<ChatSession> {
  let looked = 0;
  for (const to of room.members) {
    if (++looked % LOOKED_AT_ONCE === 0) await setImmediate();
    if (to === member) continue;
    const signs = prefixesOf(irc, room.name, to);
    if (!signs.includes("@") && !(sign === "+" && signs.includes("+"))) continue;
    const person = irc.chat.people.find(to.nickname);
    if (person) yield person;
  }
}

/** What a client is sent of it; `undefined` if its node does not know the sender, or no longer. */
export function signedLines(to: IrcClient, notice: SignedNotice): IrcReply[] | undefined {
  const from = to.irc.chat.people.find(notice.from);
  return from && linesFrom(from, to, notice);
}

function linesFrom(from: ChatSession, to: IrcClient, notice: SignedNotice): IrcReply[] {
  const { room, sign, kind, body, fields } = notice;
  return taggedTextMessages(
    {
      source: to.irc.people.maskOf(from),
      verb: verbOf(fields),
      target: `${sign}${toChannel(room)}`,
      text: body,
      wrapping: kind === "action" ? ACTION_WRAPPING : undefined,
    },
    tagsFor(from, to, notice),
    to.form,
    `s-${to.nextBatch()}`,
  );
}

function tagsFor(
  from: ChatSession,
  to: IrcClient,
  { id, at, fields }: SignedNotice,
): NonNullable<IrcReply["tags"]> {
  const { people } = to.irc;
  const account = people.accountOf(from);
  const tags = new Map<string, string>();
  if (to.form & Form.TIME) tags.set("time", new Date(at).toISOString());
  if (to.form & Form.ACCOUNT && account !== undefined) tags.set("account", account);
  if ((to.form & Form.TAGS) === 0) return tags;
  tags.set("msgid", id);
  if (people.isBot(from)) tags.set("bot", "");
  for (const [name, value] of clientTags(fields)) tags.set(name, value);
  return tags;
}
