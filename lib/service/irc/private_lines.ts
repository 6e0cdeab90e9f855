/**
 * Private messages as lines of IRC, as one of the two sees them.
 *
 * @module
 */

import type { IrcReply } from "../../codec/irc_message.ts";
import { nameKey } from "../../domain/name.ts";
import type { RoomEvent } from "../../domain/room_event.ts";
import type { PrivateMessage } from "../chat/screen.ts";
import { clientTags, Form, msgidOf } from "./event_tags.ts";
import type { IrcClient } from "./irc_door.ts";
import { toIrcNick } from "./irc_names.ts";
import { privateText } from "./private_text.ts";
import { redactionMessage } from "./redaction_message.ts";
import { cutsOf, taggedTextMessages, verbOf } from "./text_messages.ts";

export function privateLines(client: IrcClient, message: PrivateMessage): IrcReply[] {
  const { irc, form, nick } = client;
  const { from, to, body, fields, messageId, kept } = message;
  const tags = new Map<string, string>();
  if (form & Form.TIME) tags.set("time", new Date(kept?.at ?? irc.clock.now()).toISOString());
  const author = irc.chat.people.find(from);
  const account = kept ? from : author && irc.people.accountOf(author);
  if ((form & Form.ACCOUNT) && account !== undefined) tags.set("account", account);
  if (form & Form.TAGS) {
    tags.set("msgid", kept ? msgidOf(kept) : messageId!);
    if (author && irc.people.isBot(author)) tags.set("bot", "");
    for (const [name, value] of clientTags(fields)) tags.set(name, value);
  }
  const said = {
    source: kept?.isOwn ? client.mask : sourceOf(client, from),
    verb: verbOf(fields),
    // A session of an account may have another name than the account.
    target: kept && (!kept.isOwn || from === to) ? nick : toIrcNick(to),
    cuts: cutsOf(fields),
    ...privateText(body),
  };
  return taggedTextMessages(said, tags, form, kept ? `e-${kept.id}` : `p-${client.nextBatch()}`);
}

function sourceOf({ irc }: IrcClient, name: string): string {
  const person = irc.chat.people.find(name);
  return person ? irc.people.maskOf(person) : `${toIrcNick(name)}!gone@${irc.settings.serverName}`;
}

/**
 * Says that one of the two has redacted a message; `undefined` to a client that is told in words.
 *
 * @param partner Name of the other one.
 */
export function privateRedactionLine(
  client: IrcClient,
  event: RoomEvent,
  partner: string,
): IrcReply | undefined {
  const { form, member, nick } = client;
  if ((form & Form.REDACTIONS) === 0) return undefined;
  const isOwn = nameKey(event.from) === member.account;
  const tags = new Map<string, string>();
  if (form & Form.TIME) tags.set("time", new Date(event.at).toISOString());
  if (form & Form.TAGS) tags.set("msgid", msgidOf(event));
  const message = redactionMessage(
    isOwn ? client.mask : sourceOf(client, event.from),
    isOwn ? toIrcNick(partner) : nick,
    event,
  );
  return { ...message, tags };
}
