/**
 * Adds tags to messages.
 *
 * @module
 */

import type { IrcReply } from "../../codec/irc_message.ts";

/** The message with a tag in front, unless it has that tag already. */
export function withTag(message: IrcReply, name: string, value: string): IrcReply {
  if (message.tags?.has(name)) return message;
  return { ...message, tags: new Map([[name, value], ...message.tags ?? []]) };
}

/** Messages that say one thing: all with the same tags, and the first one with its number. */
export function withTags(
  messages: readonly IrcReply[],
  tags: ReadonlyMap<string, string>,
): IrcReply[] {
  if (tags.size === 0) return [...messages];
  const rest = new Map(tags);
  rest.delete("msgid");
  return messages.map((message, index) => ({ ...message, tags: index === 0 ? tags : rest }));
}
