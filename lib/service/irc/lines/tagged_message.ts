/**
 * Adds tags to messages.
 *
 * @module
 */

import type { IrcReply } from "../../../codec/irc_message.ts";

/** The message with a tag in front, unless it has that tag already. */
export function withTag(message: IrcReply, name: string, value: string): IrcReply {
  if (message.tags?.has(name)) return message;
  return { ...message, tags: new Map([[name, value], ...message.tags ?? []]) };
}

/** Characters of tags that are repeated on further messages. */
const MOST_REPEATED = 500;

/**
 * Messages that say one thing: all with the same tags, and the first one with its number. Large tags
 * of clients are on the first one only: a text can have hundreds of lines.
 */
export function withTags(
  messages: IrcReply[],
  tags: ReadonlyMap<string, string>,
): IrcReply[] {
  if (tags.size === 0) return messages;
  if (messages.length === 1) return [{ ...messages[0], tags }];
  let length = 0;
  for (const [name, value] of tags) length += name.length + value.length;
  const rest = new Map(
    [...tags].filter(([name]) =>
      name !== "msgid" && (length <= MOST_REPEATED || !name.startsWith("+"))
    ),
  );
  return messages.map((message, index) => ({ ...message, tags: index === 0 ? tags : rest }));
}
