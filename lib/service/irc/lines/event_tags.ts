/**
 * The message tags of an event (IRCv3 message-tags, server-time, account-tag, msgid).
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { nameKey } from "../../../domain/name.ts";
import { isMessage, isReaction, namedNumber, type RoomEvent } from "../../../domain/room_event.ts";
import type { IrcPeople } from "../irc_people.ts";
import { REACT_TAG, REPLY_TAG, UNREACT_TAG } from "./client_tags.ts";
import { shownOnIrc } from "./shown_on_irc.ts";

/** What a client's capabilities make of a line, as bits. */
export const Form = {
  TAGS: 1,
  TIME: 2,
  ACCOUNT: 4,
  EXTENDED_JOIN: 8,
  REDACTIONS: 16,
  AWAY: 32,
  /** Texts of several lines come in a batch. */
  MULTILINE: 64,
  /** A rename is one RENAME, rather than PART and JOIN. */
  RENAMES: 128,
  /** The lines are history: they describe what happened, and change nothing. */
  PAST: 256,
  /** What is told only while it happens. */
  LIVE: 32 | 128,
  /** Forms in which lines have tags. */
  ANY_TAGS: 7,
} as const;

/** The form that goes with capabilities. */
export function formOf(caps: ReadonlySet<string>): number {
  let form = 0;
  if (caps.has("message-tags")) form |= Form.TAGS;
  if (caps.has("server-time")) form |= Form.TIME;
  if (caps.has("account-tag")) form |= Form.ACCOUNT;
  if (caps.has("extended-join")) form |= Form.EXTENDED_JOIN;
  if (caps.has("draft/multiline") && caps.has("batch")) form |= Form.MULTILINE;
  if (caps.has("draft/message-redaction")) form |= Form.REDACTIONS;
  if (caps.has("away-notify")) form |= Form.AWAY;
  if (caps.has("draft/channel-rename")) form |= Form.RENAMES;
  return form;
}

/** Most bytes of the fields of a log line that are shown as tags. */
const MOST_FIELD_BYTES = 3000;
/** Longest value of a field that is shown as a tag, in characters. */
const LONGEST_VALUE = 500;

/** The `msgid` of an event, in all spellings of the room: a client can look it up by any door. */
export function msgidOf({ room, seq }: Pick<RoomEvent, "room" | "seq">): string {
  return `${nameKey(room)}#${seq}`;
}

/** The tags of an event. */
export function eventTags(
  irc: { readonly people: IrcPeople },
  event: RoomEvent,
  form: number,
): Map<string, string> {
  const tags = new Map<string, string>();
  if (form & Form.TIME) tags.set("time", new Date(event.at).toISOString());
  const author = irc.people.authorOf(event);
  if (form & Form.ACCOUNT) {
    const account = author && irc.people.accountOf(author);
    if (account !== undefined) tags.set("account", account);
  }
  if ((form & Form.TAGS) === 0) return tags;
  tags.set("msgid", msgidOf(event));
  if (author && irc.people.isBot(author)) tags.set("bot", "");
  const { fields } = event;
  if (!fields) return tags;
  if (event.kind === "log") addFields(tags, fields);
  else for (const [name, value] of clientTags(fields)) tags.set(name, value);
  const of = isMessage(event) || isReaction(event) ? namedNumber(event) : undefined;
  if (of !== undefined) tags.set(REPLY_TAG, msgidOf({ room: event.room, seq: of }));
  if (isReaction(event)) {
    tags.set(event.kind === "react" ? REACT_TAG : UNREACT_TAG, shownOnIrc(event.body));
  }
  return tags;
}

/** The tags that the author's client sent along (`+` tags), which are kept with a message. */
export function clientTags(fields: RoomEvent["fields"]): [string, string][] {
  const tags = fields?.tags;
  if (typeof tags !== "object" || tags === null) return [];
  return Object.entries(tags).map(([name, value]) => [name, String(value)]);
}

/** Shows the fields of a log line as tags `+partyline/NAME`, as many as there is room for. */
function addFields(tags: Map<string, string>, fields: Readonly<Record<string, unknown>>): void {
  let bytes = 0;
  for (const [key, field] of Object.entries(fields)) {
    const value = typeof field === "object" ? JSON.stringify(field) : String(field);
    if (!/^[\w-]+$/.test(key) || value.length > LONGEST_VALUE) continue;
    bytes += key.length + Buffer.byteLength(value) * 2;
    if (bytes > MOST_FIELD_BYTES) return;
    tags.set(`+partyline/${key}`, shownOnIrc(value));
  }
}
