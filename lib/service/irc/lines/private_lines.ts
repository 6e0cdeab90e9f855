/**
 * Private messages as lines of IRC, as one of the two sees them.
 *
 * @module
 */

import type { IrcReply } from "../../../codec/irc_message.ts";
import { nameKey } from "../../../domain/name.ts";
import { isReaction, namedNumber, type RoomEvent } from "../../../domain/room_event.ts";
import type { ChatSession } from "../../chat/chat_session.ts";
import type { PrivateMessage } from "../../chat/screen.ts";
import { replyHead } from "../../chat/text/sentence.ts";
import { authorIn, nickOfAccount } from "../account_nicks.ts";
import type { IrcClient } from "../irc_door.ts";
import { toIrcNick } from "../irc_names.ts";
import { REPLY_TAG } from "./client_tags.ts";
import { clientTags, eventTags, Form, msgidOf } from "./event_tags.ts";
import { privateText } from "./private_text.ts";
import { redactionMessage } from "./redaction_message.ts";
import { cutsOf, taggedTextMessages, verbOf } from "./text_messages.ts";

export function privateLines(client: IrcClient, message: PrivateMessage): IrcReply[] {
  const { irc, form } = client;
  const { from, to, body, fields, messageId, at = irc.clock.now(), kept } = message;
  const tags = new Map<string, string>();
  if (form & Form.TIME) tags.set("time", new Date(kept?.event.at ?? at).toISOString());
  const author = kept ? authorIn(irc, kept.event) : irc.chat.people.find(from);
  const account = kept ? from : author && irc.people.accountOf(author);
  if ((form & Form.ACCOUNT) && account !== undefined) tags.set("account", account);
  if (form & Form.TAGS) {
    tags.set("msgid", kept ? msgidOf(kept.event) : messageId!);
    if (author && irc.people.isBot(author)) tags.set("bot", "");
    for (const [name, value] of clientTags(fields)) tags.set(name, value);
    const seq = kept && namedNumber(kept.event);
    if (seq !== undefined) tags.set(REPLY_TAG, msgidOf({ room: kept!.event.room, seq }));
  }
  // Clients with tags see the id of the message that it answers.
  const head = kept && (form & Form.TAGS) === 0 ? replyHead(kept.event) : "";
  const said = {
    source: kept?.isOwn ? client.mask : sourceOf(client, from, author),
    verb: verbOf(fields),
    target: kept ? keptTarget(client, kept.isOwn && from !== to, to) : toIrcNick(to),
    cuts: head === "" ? cutsOf(fields) : undefined,
    ...privateText(body, head),
  };
  const id = kept ? `e-${kept.event.id}` : `p-${client.nextBatch()}`;
  return taggedTextMessages(said, tags, form, id);
}

/** @param isSent Whether the client's account has sent it to somebody else. */
function keptTarget(client: IrcClient, isSent: boolean, to: string): string {
  return isSent ? toIrcNick(nickOfAccount(client, nameKey(to))) : client.nick;
}

function sourceOf({ irc }: IrcClient, name: string, person: ChatSession | undefined): string {
  return person ? irc.people.maskOf(person) : `${toIrcNick(name)}!gone@${irc.settings.serverName}`;
}

/** Whether the client's account wrote or did something in a conversation, in whichever session. */
export function isByOwnAccount({ member }: IrcClient, { from }: RoomEvent): boolean {
  return nameKey(from) === member.account;
}

/**
 * The line that says that one of the two has redacted a message or reacted to one; `undefined` for a
 * client whose capabilities have no message for that.
 *
 * @param partner Account of the other one.
 */
export function privateActLine(
  client: IrcClient,
  event: RoomEvent,
  partner: string,
): IrcReply | undefined {
  const { irc, form } = client;
  const isOwn = isByOwnAccount(client, event);
  const source = isOwn ? client.mask : sourceOf(client, event.from, authorIn(irc, event));
  const target = keptTarget(client, isOwn, partner);
  if (isReaction(event)) {
    if ((form & Form.TAGS) === 0) return undefined;
    return { source, verb: "TAGMSG", params: [target], tags: eventTags(irc, event, form) };
  }
  if (event.kind !== "redaction" || (form & Form.REDACTIONS) === 0) return undefined;
  const tags = new Map<string, string>();
  if (form & Form.TIME) tags.set("time", new Date(event.at).toISOString());
  if (form & Form.TAGS) tags.set("msgid", msgidOf(event));
  return { ...redactionMessage(source, target, event), tags };
}
