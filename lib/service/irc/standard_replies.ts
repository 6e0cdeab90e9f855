/**
 * Standard replies (IRCv3): what went wrong or is worth a note, with a code for programs.
 *
 * @module
 */

import type { IrcClient } from "./irc_door.ts";
import { inIrcWords } from "./irc_words.ts";

/** What a reply needs of the client that it is for. */
type Receiver = Pick<IrcClient, "irc" | "caps" | "nick" | "send">;

/**
 * The verb that a reply is about, its code and the context of that, and a sentence. `*` stands for no
 * verb in particular; a client that does not ask for standard replies gets that as a notice.
 */
type StandardReply = [verb: string, code: string, context: readonly string[], sentence: string];

/** Tells a client that something has failed. */
export function sendFail(client: Receiver, ...reply: StandardReply): void {
  sendStandard(client, "FAIL", reply);
}

/** The same for what has such replies in its own specification, so that all its clients know them. */
export function sendFailAlways(client: Receiver, ...reply: StandardReply): void {
  const { serverName: source } = client.irc.settings;
  const [about, code, context, sentence] = reply;
  const params = [about, code, ...context, sentence];
  client.send({ source, verb: "FAIL", params, trailing: true });
}

/** Tells a client something that is not a failure. */
export function sendNote(client: Receiver, ...reply: StandardReply): void {
  sendStandard(client, "NOTE", reply);
}

function sendStandard(
  client: Receiver,
  kind: "FAIL" | "NOTE",
  [about, code, context, sentence]: StandardReply,
): void {
  const { serverName: source } = client.irc.settings;
  const text = inIrcWords(sentence);
  // A client that uses a verb with standard replies is expected to support them.
  const isKnown = about !== "*" || client.caps.has("standard-replies");
  const params = isKnown ? [about, code, ...context, text] : [client.nick, text];
  client.send({ source, verb: isKnown ? kind : "NOTICE", params, trailing: true });
}
