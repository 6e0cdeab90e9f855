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
 * Tells a client that something has failed.
 *
 * @param verb What the reply is about; `*` for nothing in particular, which a client that does not
 * ask for standard replies gets as a notice.
 */
export function sendFail(
  client: Receiver,
  verb: string,
  code: string,
  context: readonly string[],
  sentence: string,
): void {
  sendStandard(client, "FAIL", [verb, code, ...context], sentence);
}

/** The same for what has such replies in its own specification, so that all its clients know them. */
export function sendFailAlways(
  client: Receiver,
  verb: string,
  code: string,
  context: readonly string[],
  sentence: string,
): void {
  const { serverName: source } = client.irc.settings;
  const params = [verb, code, ...context, sentence];
  client.send({ source, verb: "FAIL", params, trailing: true });
}

/** Tells a client something that is no failure; otherwise as {@linkcode sendFail}. */
export function sendNote(
  client: Receiver,
  verb: string,
  code: string,
  context: readonly string[],
  sentence: string,
): void {
  sendStandard(client, "NOTE", [verb, code, ...context], sentence);
}

function sendStandard(
  client: Receiver,
  kind: "FAIL" | "NOTE",
  subject: readonly string[],
  sentence: string,
): void {
  const { serverName: source } = client.irc.settings;
  const text = inIrcWords(sentence);
  // Whoever uses a verb that is answered with standard replies knows them.
  const isKnown = subject[0] !== "*" || client.caps.has("standard-replies");
  const [verb, params] = isKnown ? [kind, [...subject, text]] : ["NOTICE", [client.nick, text]];
  client.send({ source, verb, params, trailing: true });
}
