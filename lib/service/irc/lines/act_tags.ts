/**
 * Sends what somebody does that is no event of a room, such as being away or inviting, with the tags
 * that every message of a person has (IRCv3 server-time, account-tag, bot-mode).
 *
 * @module
 */

import { formatIrcMessage, type IrcReply } from "../../../codec/irc_message.ts";
import { encodeLine } from "../../../codec/line_encoder.ts";
import type { ChatSession } from "../../chat/chat_session.ts";
import type { IrcClient } from "../irc_door.ts";
import { Form } from "./event_tags.ts";

/** Sends a client a message that is somebody's act; as part of its answer if it is its own. */
export function sendAct(client: IrcClient, author: ChatSession, message: IrcReply): void {
  const tagged = { ...message, tags: actTags(client, author) };
  if (client.person === author) client.send(tagged);
  else client.sendUnasked(tagged);
}

/**
 * Returns a function that tells other clients of somebody's act, which is formatted once for all that
 * take the same tags. A client that has not read what it was sent before does without: acts can
 * follow each other for ever.
 */
export function actTeller(author: ChatSession, message: IrcReply): (client: IrcClient) => void {
  const forms = new Map<number, Uint8Array>();
  return (client) => {
    const form = client.form & Form.ANY_TAGS;
    let bytes = forms.get(form);
    if (!bytes) {
      bytes = encodeLine(formatIrcMessage({ ...message, tags: actTags(client, author) }));
      forms.set(form, bytes);
    }
    client.outbox.push(bytes);
  };
}

function actTags({ irc, form }: IrcClient, author: ChatSession): ReadonlyMap<string, string> {
  const tags = new Map<string, string>();
  if (form & Form.TIME) tags.set("time", new Date(irc.clock.now()).toISOString());
  const account = form & Form.ACCOUNT ? irc.people.accountOf(author) : undefined;
  if (account !== undefined) tags.set("account", account);
  if (form & Form.TAGS && irc.people.isBot(author)) tags.set("bot", "");
  return tags;
}
