/**
 * The tags that a client may send along with a message: those that begin with `+`.
 *
 * @module
 */

import type { Draft } from "../../domain/room_event.ts";
import type { IrcMessage } from "../../codec/irc_message.ts";
import type { IrcClient } from "./irc_client.ts";
import { shownOnIrc } from "./shown_on_irc.ts";

/** The client-only tags of a message; empty for a client without the capability. */
export function clientOnlyTags(client: IrcClient, { tags }: IrcMessage): [string, string][] {
  if (tags.size === 0 || !client.caps.has("message-tags")) return [];
  return [...tags].filter(([name]) => name.startsWith("+"))
    .map(([name, value]) => [name, shownOnIrc(value)]);
}

/** A message with a text, perhaps of several lines. */
export interface SpokenMessage extends IrcMessage {
  /** Where the client has cut long lines: indices in the text. */
  readonly cuts?: readonly number[];
}

/** What is kept with a message. */
export function fieldsOf(client: IrcClient, message: SpokenMessage): Draft["fields"] {
  const { cuts = [] } = message;
  const tags = clientOnlyTags(client, message);
  const isNotice = message.verb === "NOTICE";
  if (tags.length === 0 && !isNotice && cuts.length === 0) return undefined;
  return {
    ...(isNotice ? { notice: true } : {}),
    ...(cuts.length > 0 ? { cuts } : {}),
    ...(tags.length > 0 ? { tags: Object.fromEntries(tags) } : {}),
  };
}
