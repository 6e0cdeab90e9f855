/**
 * What stands before the names in a reply that lists some, so that no name is cut: with long names
 * of the client, the channel and the server, little of a line would be left.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { formsOf, type IrcReply, MAX_BODY_BYTES } from "../../../codec/irc_message.ts";
import type { IrcClient } from "../irc_door.ts";
import { packWords } from "./pack_words.ts";

export interface ListReply {
  readonly numeric: string;
  /** The parameters between the nickname of the client and the names. */
  readonly params: readonly string[];
  /** Text after the names, which are then a parameter of their own. @default {none} */
  readonly text?: string;
}

/** One way to begin a line. */
export interface ListHead {
  /** Up to the names. */
  readonly start: string;
  /** Most bytes of names. */
  readonly room: number;
  toReply(names: string): IrcReply;
}

/** The ways to begin a line, each shorter than the one before. */
export class ListHeads {
  readonly #heads: readonly ListHead[];

  constructor({ nick, irc }: Pick<IrcClient, "nick" | "irc">, reply: ListReply) {
    const { numeric: verb, params, text } = reply;
    const message = { source: irc.settings.serverName, verb, params: [nick, ...params] };
    this.#heads = formsOf(message).map((form) => headOf(form, text));
  }

  /** The first that leaves room for each of the words. */
  for(words: readonly string[]): ListHead {
    const longest = words.reduce((most, word) => Math.max(most, Buffer.byteLength(word)), 0);
    return this.#heads.find(({ room }) => room >= longest) ?? this.#heads.at(-1)!;
  }
}

/** The replies that list words, as many to a line as fit; none without words. */
export function listReplies(
  client: Pick<IrcClient, "nick" | "irc">,
  reply: ListReply,
  words: readonly string[],
  separator = " ",
): IrcReply[] {
  const head = new ListHeads(client, reply).for(words);
  return Array.from(packWords(words, separator, head.room), (names) => head.toReply(names));
}

function headOf(form: IrcReply, text: string | undefined): ListHead {
  const { source, verb, params } = form;
  const words = [...(source === undefined ? [] : [`:${source}`]), verb, ...params];
  const start = `${words.join(" ")} ${text === undefined ? ":" : ""}`;
  const end = text === undefined ? "" : ` :${text}`;
  return {
    start,
    room: MAX_BODY_BYTES - Buffer.byteLength(start + end),
    toReply: (names) => ({
      ...form,
      params: text === undefined ? [...params, names] : [...params, names, text],
      trailing: true,
    }),
  };
}
