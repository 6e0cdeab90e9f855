/**
 * The tags that a client may send along with a message: those that begin with `+`.
 *
 * @module
 */

import type { IrcMessage } from "../../../codec/irc_message.ts";
import type { Draft } from "../../../domain/room_event.ts";
import { shownOnIrc } from "./shown_on_irc.ts";

/** Tags with the id of the message that is answered or reacted to, and with the reaction. */
export const REPLY_TAG = "+draft/reply";
export const REACT_TAG = "+draft/react";
export const UNREACT_TAG = "+draft/unreact";

/** What decides which tags are taken from a client. */
interface Capable {
  readonly caps: ReadonlySet<string>;
}

/** The client-only tags of a message; empty for a client without the capability. */
export function clientOnlyTags(client: Capable, { tags }: IrcMessage): [string, string][] {
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
export function fieldsOf(client: Capable, message: SpokenMessage): Draft["fields"] {
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
