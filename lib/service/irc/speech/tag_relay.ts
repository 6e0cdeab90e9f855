/**
 * Passes on tags without a text to the clients that take them, and to nobody else.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import { formatIrcMessage, type IrcReply } from "../../../codec/irc_message.ts";
import { encodeLine } from "../../../codec/line_encoder.ts";
import { nameKey } from "../../../domain/name.ts";
import type { Member } from "../../../domain/rooms/room_stream.ts";
import type { ChatSession } from "../../chat/chat_session.ts";
import type { TagNotice } from "../../chat/screen.ts";
import type { IrcClient } from "../irc_door.ts";
import { toChannel } from "../irc_names.ts";
import { Form } from "../lines/event_tags.ts";

/** Tags without a text, on their way to a channel or a person. */
export interface TagMessage {
  /** As the clients know it. */
  readonly target: string;
  readonly tags: TagNotice["tags"];
  /** Tells it from others; nothing is kept under it. */
  readonly id: string;
  /** When it was sent, in milliseconds since 1970. */
  readonly at: number;
}

/** The line for each form that a recipient takes. */
type Forms = Map<number, Uint8Array>;

/** Members looked at before others have a turn. */
const LOOKED_AT_ONCE = 500;

/** Passes tags on to the members of a room. */
export async function relayTags(
  from: IrcClient,
  members: Iterable<Member>,
  message: TagMessage,
): Promise<void> {
  const forms: Forms = new Map();
  let looked = 0;
  for (const member of members) {
    if (++looked % LOOKED_AT_ONCE === 0) await setImmediate();
    const to = from.irc.clients.get(member);
    if (to && to !== from) deliver(from.person, to, message, forms);
  }
  echoTags(from, message);
}

/** Passes tags on to one client, if there is one. */
export function relayTagsTo(
  from: IrcClient,
  to: IrcClient | undefined,
  message: TagMessage,
): void {
  echoTags(from, message);
  // What somebody sends to themselves also arrives.
  if (to) deliver(from.person, to, message, new Map());
}

/** Passes on what somebody else has sent, unless they are gone. */
export function relayTagNotice(to: IrcClient, notice: TagNotice): void {
  const from = to.irc.chat.people.find(notice.from);
  if (!from) return;
  const { room, sign = "" } = notice;
  const target = room === undefined ? to.nick : sign + toChannel(room);
  deliver(from, to, { ...notice, target, at: to.irc.clock.now() }, new Map());
}

/** Shows tags to who sent them, if the client wants that. */
export function echoTags(from: IrcClient, message: TagMessage): void {
  if (!from.caps.has("echo-message")) return;
  const reply = replyFor(from.person, from, message);
  if (from.answer) from.answer.give([reply]);
  else from.sendUnasked(reply);
}

/** Tags are dispensable: a client that reads slowly does without. */
function deliver(from: ChatSession, to: IrcClient, message: TagMessage, forms: Forms): void {
  if (!to.isRegistered || !to.caps.has("message-tags")) return;
  if (to.member.ignored.has(nameKey(from.nickname))) return;
  const form = to.form & (Form.TIME | Form.ACCOUNT);
  let bytes = forms.get(form);
  if (!bytes) forms.set(form, bytes = encodeLine(formatIrcMessage(replyFor(from, to, message))));
  to.outbox.offer(bytes);
}

function replyFor(
  from: ChatSession,
  to: IrcClient,
  { target, tags, id, at }: TagMessage,
): IrcReply {
  const all = new Map<string, string>();
  const { people } = to.irc;
  const account = people.accountOf(from);
  if (to.form & Form.TIME) all.set("time", new Date(at).toISOString());
  if ((to.form & Form.ACCOUNT) && account !== undefined) all.set("account", account);
  if (people.isBot(from)) all.set("bot", "");
  all.set("msgid", id);
  for (const [name, value] of tags) all.set(name, value);
  return { tags: all, source: people.maskOf(from), verb: "TAGMSG", params: [target] };
}
